import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { CancellationScope, upsertSearchAttributes } from '@temporalio/workflow';
import { lookingUp } from './activities.js';
import { oldestAttributes, searchAttributeNames, searchAttributes } from './names.js';

/** Search attributes with their values; all are of type Keyword. */
export type Attributes = { readonly [Name in keyof typeof searchAttributes]?: string | undefined };

/** Names that a server knows; undefined in what 2.0.0 has begun, which asked nobody and set the oldest. */
type Known = readonly string[] | undefined;

/** Which of our search attributes the server knows: one that it does not know would fail every task of a workflow. */
export function knownAttributes(): Promise<readonly string[]> {
  return CancellationScope.nonCancellable(() =>
    lookingUp.findSearchAttributes.executeWithOptions({ summary: 'which search attributes are there' }, [
      { names: searchAttributeNames, usual: oldestAttributes },
    ]),
  );
}

/** Those that have a value and that the server knows. */
export function attributePairs(known: Known = oldestAttributes, values: Attributes): SearchAttributePair[] {
  const names = (Object.keys(values) as (keyof Attributes)[]).map(
    (name) => [searchAttributes[name], values[name]] as const,
  );
  return names.flatMap(([name, value]) =>
    value !== undefined && value !== '' && known.includes(name)
      ? [{ key: defineSearchAttributeKey(name, 'KEYWORD'), value }]
      : [],
  );
}

export function setAttributes(known: Known, values: Attributes): void {
  const pairs = attributePairs(known, values);
  if (pairs.length > 0) upsertSearchAttributes(pairs);
}
