/**
 * Room: a scan: opened, its procedures started in order, closed.
 * May use: domain, domain/scan, workflows, workflows/presence, workflows/well.
 */

import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { Waiting } from '../../domain/scan/notes.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import type { ScanContext } from '../../domain/scan/tasks.js';
import { configuration } from '../activities.js';
import { knownAttributes, setAttributes } from '../attributes.js';
import { askForWorkers } from '../presence/ask-for-workers.js';
import { waitForWorkers, type Wait } from '../presence/wait-for-workers.js';
import type { ScanResult } from '../messages.js';
import { tryAnalyses } from '../presence/try-analyses.js';
import { meetStand } from '../presence/meet-stand.js';
import { isNewer } from '../release.js';
import { runProcedure } from './children.js';
import { closeAfterFailure, closeScan } from './close-scan.js';
import { keepFolder } from './keep-folder.js';
import { checkScanInput, checkScanTexts } from './scan-input.js';
import { runInTurn } from './schedule.js';
import { phaseChanges, show } from './show.js';
import { newEntries, newYard, type Yard } from './yard.js';
import { installHandlers } from './yard-handlers.js';

/**
 * A scan: reads and validates the configuration, asks whether all workers are there, starts a child per procedure
 * (dependencies first, in the declared order), hands on signals, collects calibrations, closes.
 */
export async function valveYard(input: ScanInput): Promise<ScanResult> {
  const newer = isNewer();
  checkScanInput(input);
  if (newer) checkScanTexts(workflowInfo().workflowId, input);
  const yard = newYard(input.stand, newer);
  installHandlers(yard);
  const { output, board, operator } = input;
  if (newer) yard.known = await knownAttributes();
  setAttributes(yard.known, { phase: 'opening', output, board, operator });
  try {
    const context = await open(yard, input);
    await runInTurn(yard, (entry) => runProcedure({ yard, context, input }, entry));
    const close = (): Promise<ScanResult> => closeScan(yard, context);
    // once it closes, a cancellation comes too late: it would close again
    return await (newer ? CancellationScope.nonCancellable(close) : close());
  } catch (error) {
    await CancellationScope.nonCancellable(() => closeAfterFailure(yard, error));
    throw error;
  }
}

async function open(yard: Yard, input: ScanInput): Promise<ScanContext> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const opened = await configuration.openScan.executeWithOptions({ summary: 'read and check the configuration' }, [
    { input, scan: workflowId, firstRunId: firstExecutionRunId },
  ]);
  const entries = newEntries(opened.procedures);
  const { warnings } = opened;
  const context = { ...opened.context, ...(yard.known === undefined ? {} : { searchAttributes: yard.known }) };
  const byName = new Map(entries.map((entry) => [entry.procedure.name, entry]));
  const phase = { shown: 'running', left: phaseChanges(entries.length) };
  Object.assign(yard, { stand: context.stand, context, entries, byName, warnings, phase });
  yard.stage = 'running';
  if (yard.newer) await CancellationScope.nonCancellable(async () => keepFolder(yard, context));
  setAttributes(yard.known, { stand: context.stand, phase: 'running' });
  yard.standThere = yard.newer
    ? await waitForWorkers(context, opened.procedures, waitIn(yard))
    : await askForWorkers(context, opened.procedures);
  if (yard.newer) await tryAnalyses(context, opened.procedures, () => yard.aborted !== null);
  if (yard.newer && yard.standThere) void lookForStand(yard, context);
  show(yard);
  return context;
}

async function lookForStand(yard: Yard, context: ScanContext): Promise<void> {
  yard.silent = await meetStand(context);
  if (yard.silent !== undefined) show(yard);
}

/** The scan says that it waits; an abort ends it. */
function waitIn(yard: Yard): Wait {
  const say = (waiting: Waiting | undefined): void => {
    yard.waiting = waiting;
    show(yard);
  };
  return { say, over: () => yard.aborted !== null };
}
