import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, test } from 'vitest';
import { writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { waitUntil } from '../support/tools/processes.js';
import { measuredRuns, sha256Of } from '../support/disk/scan-folder.js';
import { startUp, type Up } from '../support/temporal/up.js';

const procedure = 'injection_scan';

/** Activities of a workflow in the order in which they were scheduled, and which of them completed. */
async function activitiesOf(up: Up, workflowId: string): Promise<{ scheduled: string[]; completed: string[] }> {
  const connection = await Connection.connect({ address: up.address });
  try {
    const { events } = await new Client({ connection }).workflow.getHandle(workflowId).fetchHistory();
    const names = new Map<string, string>();
    for (const { eventId, activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
      if (scheduled != null) names.set(String(eventId), scheduled.activityType?.name ?? '');
    }
    const completed = (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: done }) =>
      done == null ? [] : [names.get(String(done.scheduledEventId)) ?? ''],
    );
    return { scheduled: [...names.values()], completed };
  } finally {
    await connection.close();
  }
}

/** The table that is being made. */
function unfinished(output: string): string | undefined {
  return readdirSync(output).find((name) => name.startsWith(`.${procedure}.h5`));
}

test('the table of a longer scan is made while it runs, begun again after a kill, the same as at the end', async () => {
  const up = await startUp();
  const scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 11, events: 20 });
  const words = (output: string): string[] => [
    ...['run', scan.main, procedure, '--network', scan.network, '--output', output],
  ];
  const quick = join(temporaryFolder(), 'out');
  expect((await runCli(words(quick), { env: up.environment })).code).toBe(0);

  writeFileSync(scan.network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.9'));
  const output = join(temporaryFolder(), 'out');
  const running = startCli([...words(output), '--id', 'slow'], { env: up.environment });
  await waitUntil('a first run', () => (measuredRuns(output, procedure) > 0 ? true : undefined));
  const first = await waitUntil('a table that has been begun', () => unfinished(output));
  await up.killWorker('processing');
  const second = await waitUntil('another one', () => [unfinished(output)].find((name) => name !== first));
  expect(second).toBeDefined();
  expect((await running.ended).code).toBe(0);
  expect(sha256Of(join(output, `${procedure}.h5`))).toBe(sha256Of(join(quick, `${procedure}.h5`)));
  expect(unfinished(output)).toBeUndefined();
  const { scheduled, completed } = await activitiesOf(up, `slow/daq/${procedure}`);
  expect(completed).toContain('mergeAhead');
  expect(scheduled).not.toContain('merge');
}, 180_000);
