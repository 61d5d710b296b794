import type { Connection } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` */
const keyword = 2;
const secondsPerDay = 24 * 60 * 60;

export interface NamespaceWishes {
  /** Search attributes of type Keyword that must exist. */
  readonly searchAttributes: readonly string[];
  /** How long closed workflows are kept; left alone where it is not given. */
  readonly retentionDays?: number;
}

/** Registers what is missing in a namespace. Throws `ServerError`, with the commands that do it by hand. */
export async function prepareNamespace(
  connection: Connection,
  namespace: string,
  wishes: NamespaceWishes,
): Promise<void> {
  try {
    await connection.withDeadline(Date.now() + 20_000, async () => {
      await addSearchAttributes(connection, namespace, wishes.searchAttributes);
      if (wishes.retentionDays !== undefined) await setRetention(connection, namespace, wishes.retentionDays);
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DatenraffinerieError('ServerError', `Temporal's namespace '${namespace}' cannot be prepared: ${why}`, {
      remedy: wishes.searchAttributes.map((name) => searchAttributeCommand(namespace, name)).join('\n    '),
      cause: error,
    });
  }
}

/** Those of the names that the namespace does not know. */
export async function missingSearchAttributes(
  connection: Connection,
  namespace: string,
  names: readonly string[],
): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return names.filter((name) => !Object.hasOwn(customAttributes, name));
}

async function addSearchAttributes(connection: Connection, namespace: string, names: readonly string[]): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace, names);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

async function setRetention(connection: Connection, namespace: string, days: number): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const kept = config?.workflowExecutionRetentionTtl?.seconds;
  if (kept == null) throw new Error('it does not say how long it keeps closed workflows');
  const missing = days * secondsPerDay - kept.toNumber();
  if (missing === 0) return;
  const wanted = { seconds: kept.add(missing) }; // a 64-bit integer of the same class, which the SDK does not export
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: wanted } });
}

/** The command that adds one. */
export function searchAttributeCommand(namespace: string, name: string): string {
  return `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`;
}
