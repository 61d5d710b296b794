import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { root } from '../disk/folders.js';

/**
 * Saves the histories of all workflows of a server to `test/replay/<version>/`, where tests replay them for ever after.
 * `prefix` is left out of the names: it differs from run to run.
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
    // traces hold the paths of the machine that ran it; nothing compares them
    const text = historyToJSON(history).replaceAll(/"stackTrace": ?"(?:[^"\\]|\\.)*"/g, '"stackTrace":""');
    const saved = { workflowId, history: JSON.parse(text) as unknown };
    writeFileSync(join(folder, file), `${JSON.stringify(saved)}\n`);
  }
}
