import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenedProcedure } from '../../../src/domain/scan/tasks.js';
import { loadWorkflows, type Fault } from '../../support/driver/bundle.js';
import { YardModel, type Course } from '../../support/driver/yard-model.js';
import { analysisProcedure, daqProcedure } from '../../support/temporal/fake-scan.js';

const sequences = Number(process.env['DATENRAFFINERIE_FUZZ_SEQUENCES'] ?? 2000);

/** A procedure of each kind, with what it needs among those before it. */
const kind = fc.record({ isAnalysis: fc.boolean(), needs: fc.array(fc.nat(5), { maxLength: 2 }) });

function procedureOf({ isAnalysis, needs }: { isAnalysis: boolean; needs: number[] }, i: number): OpenedProcedure {
  const names = [...new Set(needs.filter((each) => each < i).map((each) => `p${each}`))];
  if (!isAnalysis) return daqProcedure(`p${i}`, { calibrations: names });
  return analysisProcedure(`p${i}`, names, { providesCalibration: i % 2 === 0 });
}

const courses: fc.Arbitrary<Course> = fc
  .record({
    kinds: fc.array(kind, { minLength: 1, maxLength: 5 }),
    isReal: fc.nat(4).map((n) => n === 0),
    taken: fc.nat(40),
    seed: fc.nat(),
    moves: fc.nat(50),
  })
  .map(({ kinds, taken, ...course }) => {
    const procedures = kinds.map(procedureOf);
    return { ...course, procedures, taken: procedures.at(taken)?.name };
  });

function holds(workflows: ReusableVMWorkflowCreator, parameters: fc.Parameters<[Course]>): Promise<void> {
  const property = fc.asyncProperty(courses, async (course) => {
    const model = new YardModel(workflows, course);
    try {
      await model.run();
    } catch (error) {
      throw new Error(`${String(error)}\nafter ${model.log.join('\n')}`, { cause: error });
    }
  });
  return fc.assert(property, parameters);
}

test(`a scan does what it must in ${sequences} sequences`, { timeout: 3_600_000 }, async () => {
  await holds(await loadWorkflows(), { numRuns: sequences });
});

/** Faults that were there: the model must find them. */
const faults: [string, RegExp, Fault[]][] = [
  [
    'handlers in the scope that is cancelled, whose errors end the scan',
    /ends while|CancelledFailure|given free 0 times/,
    [
      {
        code: /log\.warn\('a signal was not taken',\s*\{\s*signal: signal\.name,\s*error\s*\}\)/,
        instead: 'log.warn((() => { throw error; })())',
      },
      {
        code: /nonCancellable\(\(\)\s*=>\s*hear\(\.\.\.parameters\)\)/,
        instead: 'current().run(() => hear(...parameters))',
      },
      { code: "return 'is being cancelled already'", instead: 'void 0' },
      { code: 'CancellationScope.nonCancellable(send)', instead: 'CancellationScope.current().run(send)' },
    ],
  ],
  ['signals to children that have not started', /not started/, [{ code: 'started && !ended', instead: '!ended' }]],
  [
    'signals to children that have ended',
    /: ended/,
    [
      { code: 'started && !ended', instead: 'started' },
      { code: /if \(!entry\.ended\)\s*await/, instead: 'await' },
    ],
  ],
  [
    "a child's cancellation taken for the scan's",
    /does not say|goes on for ever/,
    [{ code: /!yard\.newer \|\| isCancelled\(yard\)/, instead: 'true' }],
  ],
];

test.each(faults)('the model finds %s', { timeout: 120_000 }, async (_, what, fault) => {
  const found = holds(await loadWorkflows(fault), { numRuns: 2000, endOnFailure: true, seed: 11 });
  await expect(found.catch((error: Error) => String(error.cause))).resolves.toMatch(what);
});
