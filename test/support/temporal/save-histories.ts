import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { root } from '../disk/folders.js';

/** A longer history, which is one of thousands of events, is kept compressed. */
const plainBytes = 200_000;

/**
 * Saves the histories of all workflows of a server to `test/replay/<version>/`, where tests replay them for ever after.
 * `name` takes from a workflow's id what differs from run to run.
 */
export async function saveHistories(
  client: Client,
  version: string,
  name: (workflowId: string) => string,
): Promise<void> {
  const folder = join(root, 'test', 'replay', version);
  mkdirSync(folder, { recursive: true });
  for await (const { workflowId, runId, type } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const file = `${type}-${name(workflowId).replaceAll(/[^A-Za-z0-9-]+/g, '-')}-${runId.slice(-4)}.json`;
    // traces hold the paths of the machine that ran it, identities and workers' own queues its name; nothing compares them
    const text = historyToJSON(history)
      .replaceAll(/"stackTrace": ?"(?:[^"\\]|\\.)*"/g, '"stackTrace":""')
      .replaceAll(/"\d+@[^"]*"/g, '"test"');
    const saved = `${JSON.stringify({ workflowId, history: JSON.parse(text) as unknown })}\n`;
    const isLong = saved.length > plainBytes;
    const bytes = isLong ? gzipSync(saved, { level: 9 }) : saved;
    writeFileSync(join(folder, isLong ? `${file}.gz` : file), bytes, { flag: 'wx' }); // none is ever replaced
  }
}
