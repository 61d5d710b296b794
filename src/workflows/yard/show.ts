import { setCurrentDetails } from '@temporalio/workflow';
import { setAttributes } from '../attributes.js';
import { markdownText } from '../../domain/foreign-text.js';
import { describeProgress } from '../progress.js';
import { phaseOf, progressOf, type Stage, type Yard } from './yard.js';

/** Phases that somebody may search for; also where a scan has so many procedures that the others are left out. */
const alwaysShown: ReadonlySet<string> = new Set([
  ...['opening', 'waiting', 'running', 'paused', 'asking', 'aborting'],
  ...['closing', 'done', 'failed', 'aborted'],
]);

/** With more procedures the scan's own history must be kept short. */
export const manyProcedures = 100;
const changesOfEach = 4;

/** How often the phase of a scan may follow what its procedures do: each time is an event of its history. */
export function phaseChanges(procedures: number): number {
  return procedures > manyProcedures ? 0 : changesOfEach * procedures;
}

/** A change of what the scan as a whole does. */
export function enterStage(yard: Yard, stage: Stage): void {
  yard.stage = stage;
  const isEnd = stage === 'done' || stage === 'failed' || stage === 'aborted';
  if (!yard.newer && isEnd) setAttributes(undefined, { phase: stage });
  show(yard);
}

/** Everything that people see of a scan without asking it. */
export function show(yard: Yard): void {
  const warnings = yard.warnings.map((warning) => `> ${markdownText(warning)}`);
  setCurrentDetails([describeProgress(progressOf(yard)), ...warnings].join('\n\n'));
  if (yard.newer) showPhase(yard);
}

function showPhase(yard: Yard): void {
  const { phase } = yard;
  const now = phaseOf(yard);
  const isMinor = !alwaysShown.has(now);
  const shown = isMinor && phase.left === 0 ? 'running' : now;
  if (shown === phase.shown) return;
  if (isMinor && phase.left > 0) phase.left--;
  phase.shown = shown;
  setAttributes(yard.known, { phase: shown });
}
