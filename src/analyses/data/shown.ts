import { compareConditions, conditionText, type Condition } from './scanned.js';

/**
 * What the pictures show: results of the first condition alone, and a sentence that says so where there are others. The
 * tables have all.
 */
export function firstCondition<T extends { readonly condition: Condition }>(
  results: readonly T[],
): { readonly shown: readonly T[]; readonly notes: readonly string[] } {
  const texts = new Set(results.map(({ condition }) => conditionText(condition)));
  if (texts.size < 2) return { shown: results, notes: [] };
  const [{ condition }] = [...results].sort((a, b) => compareConditions(a.condition, b.condition));
  const text = conditionText(condition);
  const shown = results.filter((result) => conditionText(result.condition) === text);
  return { shown, notes: [`shown: ${text}; the table has ${texts.size} such conditions`] };
}

/** Where in the log something is: `chip 0, channel 3, Calib 200`. */
export function placeText(
  {
    chip,
    channel,
    condition,
  }: { readonly chip: number; readonly channel: number | undefined; readonly condition: Condition },
  kind = '',
): string {
  const parts = [`chip ${chip}`, kind, channel === undefined ? '' : `channel ${channel}`, conditionText(condition)];
  return parts.filter((part) => part !== '').join(', ');
}

/** A column of a table for every condition. */
export function conditionColumns(results: readonly { readonly condition: Condition }[]) {
  return Object.keys(results[0]?.condition ?? {}).map((name) => {
    return { name, values: results.map(({ condition }) => condition[name]) };
  });
}
