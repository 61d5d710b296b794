import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freezeProcedure, thawDaqProcedure } from '../../../src/domain/config/reading/freeze.js';
import { registerRange } from '../../../src/domain/config/registers/registers.js';
import { ConfigError } from '../../../src/domain/errors.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import { previewProcedures, type AnalysisPreview, type ReusePreview } from '../../../src/domain/plan/preview.js';
import type { OpenedProcedure } from '../../../src/domain/scan/tasks.js';
import { buildTableLayout } from '../../../src/domain/table/build-layout.js';
import { columnProblems } from '../../../src/domain/table/choose-columns.js';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { freezeScan, readScan, type ReadScan } from '../../../src/io/configuration/scan-opening.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { oddBoard, oddColumns, oddMain } from '../../support/plans/odd-configurations.js';

const folder = temporaryFolder();
const [config, network, output] = ['main.yaml', 'network.yaml', 'output'].map((name) => join(folder, name));
writeFileSync(join(folder, 'board.yaml'), oddBoard);
writeFileSync(network, 'server: {hostname: localhost}\n');

const words = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  throw error; // anything else is no finding in the user's file
};

/** Every analysis is announced in the mode in which it will run. */
async function expectSameModes({ planned }: ReadScan, opened: readonly OpenedProcedure[]): Promise<void> {
  const configuration = { procedures: new Map(planned.map(({ procedure }) => [procedure.name, procedure])) };
  const modes = new Map<string, string>();
  const analysis: AnalysisPreview = async ({ name }, _, mode) => {
    modes.set(name, mode);
    return { reused: 1, reasons: [] };
  };
  const reuse: ReusePreview = async (_, { runs }) => ({ reused: runs, reasons: [] });
  const entries = planned.map(({ entry }) => ({ ...entry, calibrations: [] }));
  await previewProcedures(configuration, entries, { analysis, reuse });
  const analyses = opened.filter((each) => each.type === 'analysis');
  expect(modes).toEqual(new Map(analyses.map(({ name, mode }) => [name, mode])));
}

/** The worker can do with it what it is there for: a folder and a frozen file for each, the same keys, a table. */
async function expectToRun(read: ReadScan): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const opened = await freezeScan(read, output);
  expect(readdirSync(join(output, '.scan')).sort()).toEqual(opened.map(({ name }) => `${name}.yaml`).sort());
  for (const { name } of opened) mkdirSync(join(output, name));
  await expectSameModes(read, opened);
  for (const { procedure } of read.planned) {
    if (procedure.type !== 'daq') continue;
    const plan = makePlan(procedure);
    const thawed = makePlan(thawDaqProcedure(freezeProcedure(procedure)));
    const last = plan.runs - 1;
    expect(thawed.key(last)).toBe(plan.key(last));
    expect(thawed.state(last)).toEqual(plan.state(last));
    const request = { ...procedure, startState: plan.startState };
    const { problems } = buildTableLayout({ ...request, ranges: registerRange });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const asked = { ...request, dataColumns: oddColumns };
    expect(columnProblems(asked)).toEqual(buildTableLayout(asked).problems); // however few points it looks at
  }
}

test('what validate accepts the worker runs, what it refuses the worker refuses in the same words', async () => {
  const verdicts = { accepted: 0, refused: 0 };
  const property = fc.asyncProperty(oddMain, async (main) => {
    writeFileSync(config, JSON.stringify(main).replace(/"(\d+)":/g, '$1: '));
    const names = [...main.procedures, ...main.workflows].map(({ name }) => name);
    const open = (): Promise<ReadScan> => readScan({ config, procedures: names, output, network });
    const refusal = await readConfiguration(config).then(() => undefined, words);
    verdicts[refusal === undefined ? 'accepted' : 'refused']++;
    if (refusal === undefined) await expectToRun(await open());
    else expect(await open().then(() => undefined, words)).toBe(refusal);
  });
  await fc.assert(property, { numRuns: 300 });
  expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(60);
});
