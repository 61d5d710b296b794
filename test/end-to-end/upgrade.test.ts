import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TableFile } from '../../src/io/hdf5/read-table.js';
import { writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import type { ScanResult } from '../../src/workflows/messages.js';
import { messages, standWorkflowId } from '../../src/workflows/names.js';
import { runCli } from '../support/temporal/cli.js';
import { root, temporaryFolder } from '../support/disk/folders.js';
import { waitUntil } from '../support/tools/processes.js';
import { releaseFolder, releaseMissing } from '../support/temporal/releases.js';
import { manifestLines, measuredRuns, sha256Of } from '../support/disk/scan-folder.js';
import { scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';
import { startUp, type Up } from '../support/temporal/up.js';

const release = '2.0.0';
const missing = releaseMissing(release);
const needs = missing === undefined ? '' : ` (skipped: ${missing})`;
const procedure = 'injection_scan';

describe.skipIf(missing !== undefined)(`a scan that began with ${release}${needs}`, () => {
  const server = withServer();
  const { progress, standView } = scanClient(server);
  const folder = temporaryFolder();
  let old: string;
  let environment: NodeJS.ProcessEnv;
  let main: string;
  let quick: string;
  let slow: string;
  let runs: number;

  beforeAll(async () => {
    old = await releaseFolder(release);
    environment = { ...server.environment, XDG_STATE_HOME: temporaryFolder() }; // where locks of stands lie
    const scan = await writeRecordedScan(join(folder, 'scan'), { seed: 13, events: 10, phases: 4 });
    runs = scan.runs;
    appendFileSync(
      scan.main,
      '  - {name: response, type: analysis, daq: injection_scan, module_name: injection_scan}\n',
    );
    quick = scan.network;
    slow = join(folder, 'scan', 'slow.yaml');
    writeFileSync(slow, readFileSync(quick, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.4'));
    main = scan.main;
  });

  /** Server and workers of a build: the server is the same for all. */
  const workers = (build: string): Promise<Up> => startUp({ environment, build, args: ['--stand', 'one', 'two'] });
  const output = (id: string): string => join(folder, id);
  const measured = (id: string): number => measuredRuns(output(id), procedure);
  const table = (id: string): string => sha256Of(join(output(id), `${procedure}.h5`));

  /** Columns and packed rows of a table, without what it says of the release that wrote it. */
  async function rowsOf(id: string): Promise<{ readonly types: unknown[]; readonly bytes: Buffer }> {
    const file = await TableFile.open(join(output(id), `${procedure}.h5`));
    try {
      const { schema, bytes } = await file.packedRows({ start: 0, end: file.rows });
      return { types: schema.columns.map(({ name, type }) => [name, type]), bytes: Buffer.from(bytes) };
    } finally {
      file.close();
    }
  }

  /** Starts a scan, or does it, with the command of a build. */
  async function run(build: string, id: string, what: string, stand: string, ...more: string[]): Promise<void> {
    const words = ['run', main, what, '--stand', stand, '--output', output(id), '--id', id, ...more];
    const { code, stderr } = await runCli(words, { env: environment, build });
    expect(code, stderr).toBe(0);
  }

  /** How a scan ends; throws where the workers cannot go on with what others began. */
  function result(id: string): Promise<string> {
    const look = async (): Promise<string | undefined> => {
      for (const workflow of [id, `${id}/daq/${procedure}`]) await expectReplayed(workflow);
      const handle = server.client.workflow.getHandle(id);
      if ((await handle.describe()).status.name === 'RUNNING') return undefined;
      return ((await handle.result()) as ScanResult).state;
    };
    return waitUntil(`the end of ${id}`, look, 120_000);
  }

  async function expectReplayed(workflowId: string): Promise<void> {
    const { events } = await server.client.workflow.getHandle(workflowId).fetchHistory();
    const texts = events?.map((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? '') ?? [];
    expect(texts.filter((text) => text.includes('Nondeterminism'))).toEqual([]);
  }

  function measuredMore(id: string, count: number): Promise<boolean> {
    const wanted = measured(id) + count;
    return waitUntil(`${wanted} runs of ${id}`, () => (measured(id) >= wanted ? true : undefined));
  }

  // paused scans wait, however slow the machine: at each change of workers they measure
  async function pause(id: string): Promise<void> {
    await server.client.workflow.getHandle(id).signal(messages.pause);
    const well = `${id}/daq/${procedure}`;
    await waitUntil(`a pause of ${id}`, async () => ((await progress(well)).phase === 'paused' ? true : undefined));
  }

  async function resume(id: string): Promise<void> {
    const another = measuredMore(id, 1);
    await server.client.workflow.getHandle(id).signal(messages.resume);
    await another;
  }

  test('goes on where workers of today take over, and also where those of the release come back', async () => {
    const before = await workers(old);
    await run(old, 'undisturbed-before', procedure, 'one', '--network', quick);
    await run(old, 'stays', 'response', 'two', '--network', slow, '--detach');
    await measuredMore('stays', 4);
    await pause('stays');
    await run(old, 'returns', procedure, 'one', '--network', slow, '--detach');
    await measuredMore('returns', 4);
    await resume('stays');
    await before.kill();
    expect(Math.max(measured('stays'), measured('returns'))).toBeLessThan(runs);

    const today = await workers(root);
    await measuredMore('returns', 4);
    await pause('returns');
    expect(await result('stays')).toBe('done');
    await run(root, 'undisturbed-today', procedure, 'two', '--network', quick);
    await resume('returns');
    await today.stop();
    expect(measured('returns')).toBeLessThan(runs);

    const after = await workers(old);
    expect(await result('returns')).toBe('done');
    await run(old, 'undisturbed-after', procedure, 'two', '--network', quick); // a stand that today's workers renewed
    for (const stand of ['one', 'two']) {
      await expectReplayed(standWorkflowId(stand));
      expect((await standView(stand)).lease).toBeNull();
    }
    await after.stop();

    for (const id of ['stays', 'returns']) {
      const lines = manifestLines(output(id), procedure).map((line) => line.run);
      expect(lines.toSorted((a, b) => a - b)).toEqual([...Array(runs).keys()]); // each of them once
    }
    // a scan keeps the types of columns that it began with, whoever ends it
    expect(await rowsOf('stays')).toEqual(await rowsOf('undisturbed-before'));
    expect(table('returns')).toBe(table('undisturbed-before'));
    expect((await rowsOf('undisturbed-today')).types).not.toEqual((await rowsOf('undisturbed-before')).types);
  }, 300_000);
});
