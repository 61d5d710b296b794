import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../disk/folders.js';

const folder = join(root, 'test', 'replay');

/** Names of the histories that earlier versions have left: `2.0.0/well-s-daq-a-160d.json`, long ones `….json.gz`. */
export const savedHistories: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.json(\.gz)?$/.test(name))
  .sort();

export interface SavedHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly SavedEvent[] };
}

export interface SavedEvent {
  /** `EVENT_TYPE_…` */
  readonly eventType: string;
  /** What the event is about, in a field whose name ends in `EventAttributes`. */
  readonly [attributes: string]: unknown;
}

/** The type of the workflow whose history this is. */
export function workflowTypeOf(name: string): string {
  return /([a-zA-Z]+)-[^/]*$/.exec(name)?.[1] ?? name;
}

export function historyText(name: string): string {
  const bytes = readFileSync(join(folder, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

export function readHistory(name: string): SavedHistory {
  return JSON.parse(historyText(name)) as SavedHistory;
}
