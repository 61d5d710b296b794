import { log } from '@temporalio/activity';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { missingSearchAttributes, searchAttributeCommand } from '../io/temporal/namespace.js';

export interface SearchAttributesTask {
  readonly names: readonly string[];
  /** Those that are taken to be there where the server does not tell. */
  readonly usual: readonly string[];
}

/** What a server lets workflows be searched by. */
export interface SearchAttributeActivities {
  /** Those of the names that the server knows, in their order. */
  findSearchAttributes(task: SearchAttributesTask): Promise<readonly string[]>;
}

/** `grpc.status`: the server will not tell, now or later. */
const refusals: ReadonlySet<number> = new Set([7 /* PERMISSION_DENIED */, 12 /* UNIMPLEMENTED */]);

/** Each missing name is told once in a worker's life, with the command that adds it. */
export function createSearchAttributeActivities(connection: Connection, namespace: string): SearchAttributeActivities {
  const told = new Set<string>();
  return {
    findSearchAttributes: async ({ names, usual }) => {
      const missing = await findMissing(connection, namespace, names).catch((error: unknown) => {
        if (!isGrpcServiceError(error) || !refusals.has(error.code)) throw error;
        return names.filter((name) => !usual.includes(name));
      });
      const news = missing.filter((name) => !told.has(name));
      for (const name of news) told.add(name);
      if (news.length > 0) log.warn(warningOf(namespace, news));
      return names.filter((name) => !missing.includes(name));
    },
  };
}

function findMissing(connection: Connection, namespace: string, names: readonly string[]): Promise<string[]> {
  return connection.withDeadline(Date.now() + 5000, () => missingSearchAttributes(connection, namespace, names));
}

function warningOf(namespace: string, names: readonly string[]): string {
  const commands = names.map((name) => searchAttributeCommand(namespace, name));
  const what = `scans cannot be searched by ${names.join(', ')}, which this server lacks. To add them:`;
  // the log puts more behind a text: no command stands last
  return [what, ...commands, 'Scans go on without them.'].join('\n    ');
}
