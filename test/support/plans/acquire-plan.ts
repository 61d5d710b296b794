import type { ScanPlan } from '../../../src/domain/plan/plan.js';
import type { AcquireOutcome } from '../../../src/domain/scan/tasks.js';
import { acquireRuns } from '../../../src/io/acquire/acquire-runs.js';
import { FailureLog } from '../../../src/io/output/failure-log.js';
import { Manifest } from '../../../src/io/output/manifest.js';
import { RunStore } from '../../../src/io/acquire/run-store.js';
import { HexaboardDriver, type HexaboardStand } from '../../../src/io/stand/hexaboard/hexaboard.js';

/** One attempt to measure what of a plan is not on disk in `folder`, as a daq worker makes it, without Temporal. */
export async function acquirePlan(
  plan: ScanPlan,
  folder: string,
  stand: HexaboardStand,
  stopping: () => boolean = () => false,
): Promise<AcquireOutcome> {
  const driver = new HexaboardDriver(stand);
  const store = await RunStore.open(folder);
  const manifest = await Manifest.open(folder);
  try {
    return await acquireRuns({
      plan,
      runStartTdcProcedure: false,
      minEvents: undefined,
      maxFailedRuns: 0,
      place: {},
      manifest,
      store,
      failures: await FailureLog.open(folder, 'scan'),
      use: { driver, state: undefined },
      from: 0,
      seconds: 60,
      attempt: 1,
      stopping,
      signal: new AbortController().signal,
      onRun: () => undefined,
    });
  } finally {
    await manifest.close();
    await store.close();
    await driver.close();
  }
}
