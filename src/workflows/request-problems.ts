import type { WaitingKind } from '../domain/scan/notes.js';

/**
 * Why what came with a message is not what the message takes; undefined where it is. Messages may come from the
 * `temporal` command line with any JSON.
 */

/** Of `pause`. */
export function pauseProblem(request: unknown): string | undefined {
  return flagProblem(request, 'release');
}

/** Of `abort`. */
export function abortProblem(request: unknown): string | undefined {
  return flagProblem(request, 'process');
}

/** Of `resume`, to a scan. */
export function resumeProblem(request: unknown): string | undefined {
  if (request === undefined || request === null) return undefined;
  if (!isRecord(request)) return `the argument is a JSON object, not ${JSON.stringify(request)}`;
  const { network } = request;
  if (network === undefined || (typeof network === 'string' && network.startsWith('/'))) return undefined;
  return `'network' is the absolute path of a network file, as the workers see it`;
}

/** Of `resume`, to a Well. */
export function wellResumeProblem(request: unknown): string | undefined {
  if (request === undefined || request === null) return undefined;
  if (!isRecord(request)) return `the argument is a JSON object, not ${JSON.stringify(request)}`;
  const { network } = request;
  if (network === undefined) return undefined;
  const isReference = isRecord(network) && typeof network['path'] === 'string' && typeof network['sha256'] === 'string';
  return isReference ? undefined : `'network' is a path with its sha256`;
}

/** Of `answer`. */
export function answerProblem(request: unknown): string | undefined {
  if (!isRecord(request)) return 'an answer is a JSON object with a verdict';
  const { verdict, procedure, operator } = request;
  if (verdict !== 'accept' && verdict !== 'reject')
    return `the answer is accept or reject, not '${typeof verdict === 'string' ? verdict : JSON.stringify(verdict)}'`;
  if (procedure !== undefined && typeof procedure !== 'string') return `'procedure' of an answer is a name`;
  if (operator !== undefined && !isLine(operator)) return `'operator' of an answer is a name`;
  return undefined;
}

const longestName = 200;

/** A short text on one line. */
function isLine(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestName && !/\p{Cc}/u.test(value);
}

/** An argument that may be left out, with one field, which may be left out too. */
function flagProblem(request: unknown, name: string): string | undefined {
  if (request === undefined || request === null) return undefined;
  if (!isRecord(request)) return `the argument is a JSON object, not ${JSON.stringify(request)}`;
  const value = request[name];
  return value === undefined || typeof value === 'boolean' ? undefined : `'${name}' is true or false`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const troubles: readonly unknown[] = ['link', 'retry'] satisfies WaitingKind[];

/** Of `standNews`. */
export function standNewsProblem(news: unknown): string | undefined {
  if (!isRecord(news) || typeof news['at'] !== 'number') return 'news of a stand say when they were said';
  const { waiting } = news;
  if (waiting === undefined) return undefined;
  const isOne = isRecord(waiting) && troubles.includes(waiting['kind']);
  return isOne && typeof waiting['text'] === 'string' && typeof waiting['since'] === 'string'
    ? undefined
    : `'waiting' of a stand's news is what is missing, since when`;
}

const texts = ['holder', 'firstRunId', 'scan', 'procedure'] as const;
const numbers = ['priority', 'scanStarted'] as const;

/** Of `requestLease`. */
export function leaseProblem(request: unknown): string | undefined {
  if (!isRecord(request)) return 'a request is a JSON object';
  const text = texts.find((name) => typeof request[name] !== 'string' || request[name] === '');
  if (text !== undefined) return `'${text}' of a request is a text`;
  const number = numbers.find((name) => typeof request[name] !== 'number' || !Number.isFinite(request[name]));
  if (number !== undefined) return `'${number}' of a request is a number`;
  return typeof request['urgent'] === 'boolean' ? undefined : "'urgent' of a request is true or false";
}
