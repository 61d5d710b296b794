import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  AbortRequest,
  AnswerRequest,
  BenchLeaseState,
  LeaseRequest,
  PauseRequest,
  QueueEdit,
  ScanProgress,
  StandView,
} from './messages.js';
import { messages } from './names.js';
import type { ToldProgress } from './progress.js';

/** To a scan, and from it to its children. */
export const pauseSignal = defineSignal<[PauseRequest?]>(messages.pause);
export const resumeSignal = defineSignal(messages.resume);
export const abortSignal = defineSignal<[AbortRequest?]>(messages.abort);
export const answerUpdate = defineUpdate<string, [AnswerRequest]>(messages.answer);
/** From a scan to the Distillery whose calibration waits for a human. */
export const answerSignal = defineSignal<[AnswerRequest]>(messages.answer);
export const progressQuery = defineQuery<ScanProgress>(messages.progress);

/** From a child to its scan. */
export const procedureProgressSignal = defineSignal<[ToldProgress]>('procedureProgress');
/** From a Well: the stand is free for the next procedure, while this one is still processed and merged. */
export const acquiredSignal = defineSignal<[string]>('acquired');

/** Between a Well and its stand. */
export const requestLeaseSignal = defineSignal<[LeaseRequest]>(messages.requestLease);
export const releaseLeaseSignal = defineSignal<[string]>('releaseLease');
export const leaseGrantedSignal = defineSignal('leaseGranted');
export const leaseRefusedSignal = defineSignal<[string]>('leaseRefused');
/** Another scan is urgent: give the stand back between two runs and ask for it again. */
export const yieldLeaseSignal = defineSignal('yieldLease');
export const waitingForSignal = defineSignal<[string]>('waitingFor');

/** From a command at the bench to the workflow that stands for it in the queue. */
export const benchLeaseQuery = defineQuery<BenchLeaseState>(messages.benchLease);
export const renewBenchLeaseSignal = defineSignal(messages.renewBenchLease);
export const endBenchLeaseSignal = defineSignal(messages.endBenchLease);

/** To a stand, from people. */
export const standQuery = defineQuery<StandView>(messages.stand);
export const editQueueUpdate = defineUpdate<StandView, [QueueEdit]>(messages.editQueue);
