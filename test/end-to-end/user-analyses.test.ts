import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { needsPython, noPython, python } from '../support/tools/python.js';
import { manifestLines } from '../support/disk/scan-folder.js';
import { untilStatus } from '../support/temporal/until-status.js';
import { startUp, type Up } from '../support/temporal/up.js';

const pythonAnalysis = `
import os

class Means:
    def __init__(self, parameters):
        self.columns = parameters["columns"]
    def output(self):
        return {"summary": "means.csv", "plots": [], "calibration": None}
    def run(self, data, output_dir):
        print(f"{len(data)} rows")
        data[self.columns].groupby("Calib").mean().to_csv(os.path.join(output_dir, "means.csv"))
`;

/** A calibration that wants a human to look at it. */
const calibration = `
export class AskFirst {
  output() { return { calibration: 'calibration.yaml' }; }
  async run(tables, context) {
    const half = new Map([['Toa_vref', 444]]);
    const chip = new Map([['ReferenceVoltage', new Map([[0, half], [1, half]])]]);
    await context.calibration('calibration.yaml', new Map([['target', new Map([['roc_s0', chip]])]]));
    return { verdict: 'ask', reason: 'the threshold moved', timeout: 600, default: 'reject' };
  }
}
export { AskFirst as ask_first };
`;

const procedures = `
  - {name: ask_first, type: analysis, daq: injection_scan, provides_calibration: true}
  - {name: means, type: analysis, daq: injection_scan, parameters: {columns: [Calib, adc_mean]}}
  - {name: medians, type: analysis, daq: injection_scan}
  - {name: pedestal, type: analysis, daq: injection_scan, parameters: {ded: 0.1}}
  - name: calibrated_scan
    type: daq
    calibration: ask_first
    system_settings: {default: default.yaml}
    data_columns: [chip, channel, adc_mean, Toa_vref]
`;

let up: Up;
let scan: RecordedScan;

beforeAll(async () => {
  const analyses = join(temporaryFolder(), 'analyses');
  mkdirSync(analyses);
  writeFileSync(join(analyses, '__init__.py'), 'from .means import Means as means\n');
  writeFileSync(join(analyses, 'means.py'), pythonAnalysis);
  writeFileSync(join(analyses, 'index.mjs'), calibration);
  up = await startUp({ args: ['--analyses', analyses, '--python', python ?? 'python3'] });
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 3, events: 20, phases: 1, calibs: 3 });
  writeFileSync(scan.main, readFileSync(scan.main, 'utf8') + procedures);
});

const command = (...words: string[]) => runCli(words, { env: up.environment });

function words(procedure: string, output: string, id: string): string[] {
  return ['run', scan.main, procedure, '--network', scan.network, '--output', output, '--id', id];
}

test('an analysis that nobody has, or that refuses its parameters, is told before the first run', async () => {
  const output = join(temporaryFolder(), 'out');
  const unknown = await command(...words('medians', output, 'unknown'));
  expect(unknown.stderr).toMatch(/medians: there is no analysis 'medians' in .*\n +name the folder that has it/);
  const refused = await command(...words('pedestal', output, 'refused'));
  expect(refused.stderr).toMatch(/pedestal: .*there is no parameter 'ded'/);
  expect([unknown.code, refused.code]).toEqual([2, 2]);
  expect(existsSync(join(output, 'injection_scan', 'manifest.jsonl'))).toBe(false);
});

function untilAsked(id: string): Promise<string> {
  return untilStatus(up, id, 'a question', ({ waitingFor }) => waitingFor?.match(/an answer to .*/)?.[0]);
}

describe('analyses that users bring', () => {
  test.skipIf(noPython)(`run unchanged in Python${needsPython}`, async () => {
    const output = join(temporaryFolder(), 'out');
    const result = await command(...words('means', output, 'python'));
    expect(result.code).toBe(0);
    const lines = readFileSync(join(output, 'means', 'means.csv'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['Calib', '0', '256', '512']);
    expect(readFileSync(join(output, 'means', 'stdout.log'), 'utf8')).toContain('702 rows');
  });

  test('give calibrations that a human accepts, and that are measured with and kept', async () => {
    const output = join(temporaryFolder(), 'out');
    const running = startCli(words('calibrated_scan', output, 'asked'), { env: up.environment });
    expect(await untilAsked('asked')).toContain('the threshold moved');
    expect((await command('answer', 'asked', 'perhaps')).code).toBe(2);
    expect((await command('answer', 'asked', 'accept')).code).toBe(0);
    expect((await running.ended).code).toBe(0);
    const full = readFileSync(join(output, 'full-calibration.yaml'), 'utf8');
    expect(full).toMatch(/ask_first/);
    expect(full).toMatch(/\n +0:\n? *[\s\S]*Toa_vref: 444/); // integer keys stay integers
    const measured = readFileSync(join(output, 'calibrated_scan', 'procedure.yaml'), 'utf8');
    expect(measured).toContain('Toa_vref: 444');
    expect(measured).toMatch(/^# calibrated by ask_first\/calibration.yaml, sha256 [0-9a-f]{64}\n/);
    expect(manifestLines(output, 'calibrated_scan')).toHaveLength(1);
    expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain('Toa_vref');
  });

  test('stop what depends on a calibration that is rejected, with the reason', async () => {
    const output = join(temporaryFolder(), 'out');
    const running = startCli(words('calibrated_scan', output, 'rejected'), { env: up.environment });
    await untilAsked('rejected');
    expect((await command('answer', 'reject')).code).toBe(0);
    expect((await running.ended).code).toBe(1);
    expect(running.stderr.join('\n')).toContain(
      'calibrated_scan: needs ask_first: its calibration was rejected: the threshold moved',
    );
  });
});
