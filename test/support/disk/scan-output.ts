import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freezeProcedure } from '../../../src/domain/config/reading/freeze.js';
import { makeAxis } from '../../../src/domain/config/axis/axis.js';
import { parseYaml } from '../../../src/domain/config/yaml/yaml.js';
import { isMap, type ConfigMap } from '../../../src/domain/config/value.js';
import { runAnalysis } from '../../../src/io/analysis/run-analysis.js';
import { columnsOf, knownBoard } from '../stand/known-board.js';
import { temporaryFolder } from './folders.js';
import { writeTable } from '../tables/tables.js';

/** The output folder of a small scan as the workers leave it: a pedestal scan of 6 runs and its real calibration. */
export async function scanOutput(): Promise<string> {
  const output = join(temporaryFolder(), 'out');
  const folder = join(output, 'pedestal_scan');
  mkdirSync(folder, { recursive: true });
  const table = join(output, 'pedestal_scan.h5');
  await writeTable(table, columnsOf(rows()), 'pedestal_scan');
  writeFileSync(join(folder, 'procedure.yaml'), procedure());
  writeFileSync(join(folder, 'manifest.jsonl'), manifest());
  writeFileSync(join(folder, 'provenance.json'), JSON.stringify(provenance(table)));
  writeFileSync(join(output, 'owner.json'), JSON.stringify(owner));
  await runAnalysis({
    module: 'pedestal_calibration',
    folders: [],
    python: 'python3',
    inputs: [{ path: table, sha256: 'a'.repeat(64) }],
    mode: 'summary',
    parameters: new Map(),
    outputDir: join(output, 'pedestal_calibration'),
    timeLimit: 60,
    signal: new AbortController().signal,
    log: () => undefined,
  });
  mkdirSync(join(output, 'broken'));
  writeFileSync(join(output, 'broken', 'stderr.log'), 'Traceback\nValueError: <no beam> & no "data"\n');
  return output;
}

const trims = [0, 12, 24, 36, 48, 60];

function rows(): Record<string, number>[] {
  return trims.flatMap((trim_inv) =>
    knownBoard().map(({ chip, channel, pedestal, trimSlope }) => {
      return { chip, channel, channeltype: 0, adc_mean: pedestal + trimSlope * trim_inv, trim_inv };
    }),
  );
}

function map(text: string): ConfigMap {
  const value = parseYaml(text);
  if (!isMap(value)) throw new Error('not a mapping');
  return value;
}

function procedure(): string {
  const state = 'target: {roc_s0: {ch: {0: {trim_inv: 0}}, ReferenceVoltage: {0: {Inv_vref: 300}}}}';
  return freezeProcedure({
    type: 'daq',
    name: 'pedestal_scan',
    mode: 'summary',
    dataFormat: 'raw',
    dataColumns: [],
    merge: true,
    repeat: 1,
    runStartTdcProcedure: false,
    calibration: [],
    defaultState: map(state),
    initState: map('target: {roc_s0: {ReferenceVoltage: {0: {Inv_vref: 320}}}}'),
    axes: [
      makeAxis({
        kind: 'key',
        name: 'trim_inv',
        unit: 'DAC steps',
        label: 'pedestal trim',
        paths: [['target', 'roc_s0', 'ch', 0, 'trim_inv']],
        values: trims,
      }),
    ],
    allowNewParameters: false,
  });
}

/** Run 3 has corrupt halves, run 4 was measured by the second attempt, run 5 is missing: quarantined. */
function manifest(): string {
  const lines = [0, 1, 2, 3, 4].map((run) => ({
    run,
    key: 'k',
    file: `raw/run_0000${run}.raw`,
    bytes: 1_000_000,
    sha256: 'b'.repeat(64),
    mtimeMs: 1,
    events: 1000,
    truncatedBytes: 352,
    corruptHalves: run === 3 ? 42 : 0,
    attempt: run === 4 ? 2 : 1,
    start: `2026-03-01T10:00:0${run}.000Z`,
    end: `2026-03-01T10:00:0${run}.500Z`,
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function provenance(table: string): object {
  return {
    scan: 'night-7',
    firstRunId: 'r',
    workflowId: 'night-7/daq/pedestal_scan',
    stand: 'lab-2',
    board: 'LD-V3-07',
    operator: 'Ada <ada@example.org>',
    software: 'datenraffinerie 2.0.0',
    host: 'teststand',
    parts: 'd'.repeat(64),
    runs: 6,
    measured: 5,
    shortRuns: 0,
    corruptHalves: 0,
    attempts: 2,
    firstStart: '2026-03-01T10:00:00.000Z',
    lastEnd: '2026-03-01T10:00:05.500Z',
    failedTries: 4,
    quarantined: [{ run: 5, reason: 'chip 1 does not answer' }],
    table: { path: table, sha256: 'c'.repeat(64), rows: 864 },
  };
}

const owner = {
  workflowId: 'night-7',
  firstRunId: 'r',
  namespace: 'default',
  started: '2026-03-01T09:59:58.000Z',
  closed: '2026-03-01T10:01:00.000Z',
};
