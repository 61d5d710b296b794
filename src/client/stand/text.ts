import type { LeaseRecord, QueueEntry, StandView } from '../../workflows/messages.js';
import { textTable } from '../text/text-table.js';

/** Who uses a stand, who waits for it and, newest first, who had it: for people. */
export function standText(view: StandView, lock: string | undefined, historyShown: number): string {
  const { stand, lease, queue, history } = view;
  const using = lease === null ? 'free' : `used by ${lease.scan} (${holderText(lease)}) since ${utc(lease.from)}`;
  return [
    `${stand} is ${using}`,
    ...(lock === undefined ? [] : [`driven by ${lock}`]),
    '',
    queueText(queue),
    ...(history.length === 0 ? [] : ['', historyText(history.slice(0, historyShown))]),
  ].join('\n');
}

/** The queue in the order in which it will be served. */
export function queueText(queue: readonly QueueEntry[]): string {
  if (queue.length === 0) return 'nobody waits';
  const rows = queue.map((entry, position) => [
    String(position),
    entry.scan,
    entry.procedure,
    String(entry.priority),
    [entry.urgent ? 'urgent' : '', entry.held ? 'on hold' : ''].filter((note) => note !== '').join(', '),
    entry.operator ?? '',
  ]);
  const columns = [{ right: 'position' }, 'waiting', 'procedure', { right: 'priority' }, 'note', 'operator'];
  return textTable(columns, rows).join('\n');
}

function historyText(history: readonly LeaseRecord[]): string {
  const rows = history.map((record) => [
    record.scan,
    record.procedure,
    utc(record.from),
    record.to === undefined ? '' : utc(record.to),
    record.end ?? '',
    record.operator ?? '',
  ]);
  return textTable(['had it', 'procedure', 'from (UTC)', 'to (UTC)', 'end', 'operator'], rows).join('\n');
}

function holderText({ procedure, operator }: LeaseRecord): string {
  return operator === undefined ? procedure : `${procedure}, ${operator}`;
}

function utc(time: string): string {
  return time.slice(0, 19);
}
