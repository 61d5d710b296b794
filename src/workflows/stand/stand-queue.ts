import type { LeaseRequest, QueueEdit, QueueEntry } from '../messages.js';

/** Pure rules of a stand's queue; entries are in the order in which they will be served. */

/** Puts a request where urgency, priority and the start of its scan say; a holder that asks again is put in once. */
export function enqueue(queue: readonly QueueEntry[], request: LeaseRequest): QueueEntry[] {
  if (queue.some((entry) => entry.holder === request.holder && entry.firstRunId === request.firstRunId))
    return [...queue];
  const place = queue.findIndex((entry) => goesBefore(request, entry));
  const entry = { ...request, held: false };
  return place < 0 ? [...queue, entry] : [...queue.slice(0, place), entry, ...queue.slice(place)];
}

function goesBefore(a: LeaseRequest, b: LeaseRequest): boolean {
  if (a.urgent !== b.urgent) return a.urgent;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.scanStarted < b.scanStarted;
}

/** The entry that is served next: the first that is not on hold. */
export function nextInQueue(queue: readonly QueueEntry[]): QueueEntry | undefined {
  return queue.find((entry) => !entry.held);
}

/** Whether `id` names an entry: the Well's id, or the scan's. */
export function matches(entry: QueueEntry, id: string): boolean {
  return entry.holder === id || entry.scan === id;
}

/** Why an edit cannot be done, or undefined where it can. */
export function editProblem(queue: readonly QueueEntry[], edit: QueueEdit): string | undefined {
  if (!['move', 'remove', 'hold'].includes(edit.action)) return `unknown action '${edit.action}': move, remove or hold`;
  if (!queue.some((entry) => matches(entry, edit.id))) return `'${edit.id}' is not waiting for this stand`;
  if (edit.action !== 'move') return undefined;
  const { position } = edit;
  if (position === undefined || !Number.isInteger(position) || position < 0) return 'move needs a position, 0 or more';
  return undefined;
}

/** The queue after an edit that has no problem; `hold` again lets go. */
export function editQueue(queue: readonly QueueEntry[], edit: QueueEdit): QueueEntry[] {
  const rest = queue.filter((entry) => !matches(entry, edit.id));
  const chosen = queue.filter((entry) => matches(entry, edit.id));
  if (edit.action === 'remove') return rest;
  if (edit.action === 'hold')
    return queue.map((entry) => (matches(entry, edit.id) ? { ...entry, held: !entry.held } : entry));
  const position = Math.min(edit.position ?? 0, rest.length);
  return [...rest.slice(0, position), ...chosen, ...rest.slice(position)];
}
