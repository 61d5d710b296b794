import { setHandler } from '@temporalio/workflow';
import {
  abortSignal,
  leaseGrantedSignal,
  leaseRefusedSignal,
  pauseSignal,
  progressQuery,
  resumeSignal,
  waitingForSignal,
  yieldLeaseSignal,
} from '../definitions.js';
import { progress, show, type Well } from './well-report.js';
import { waitFor } from './well-state.js';

/** What a Well is told; signals take effect between two runs. */
export function installHandlers(run: Well): void {
  const { control } = run;
  setHandler(pauseSignal, (request) => {
    control.paused = request ?? {};
    control.chunk?.cancel();
  });
  setHandler(resumeSignal, () => {
    control.paused = null;
    control.resumed++;
  });
  setHandler(abortSignal, (request) => {
    control.aborted = request ?? {};
    control.chunk?.cancel();
    if (request?.process === false) run.lanes.cancel();
  });
  setHandler(yieldLeaseSignal, () => {
    control.yielding = true;
    control.chunk?.cancel();
  });
  setHandler(leaseGrantedSignal, () => void (control.granted = true));
  setHandler(leaseRefusedSignal, (reason) => void (control.refused = reason));
  setHandler(waitingForSignal, (text) => {
    if (control.granted) return;
    waitFor(control, 'stand', text);
    show(run);
  });
  setHandler(progressQuery, () => progress(run));
}
