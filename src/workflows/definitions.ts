import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { StandNews } from '../domain/scan/stand-news.js';
import type {
  AbortRequest,
  AnswerRequest,
  BenchLeaseState,
  LeaseRequest,
  PauseRequest,
  ResumeRequest,
  WellResumeRequest,
  QueueEdit,
  ScanProgress,
  StandView,
} from './messages.js';
import { messages } from './names.js';
import type { ToldProgress } from './progress.js';

/** To a scan, and from it to its children. */
export const pauseSignal = defineSignal<[PauseRequest?]>(messages.pause);
export const resumeSignal = defineSignal<[ResumeRequest?]>(messages.resume);
/** From a scan to its Wells. */
export const wellResumeSignal = defineSignal<[WellResumeRequest?]>(messages.resume);
export const abortSignal = defineSignal<[AbortRequest?]>(messages.abort);
/** The same, answered with a sentence that says what becomes of it; not of scans that were begun under 2.0.0. */
export const pauseUpdate = defineUpdate<string, [PauseRequest?]>(messages.pause);
export const resumeUpdate = defineUpdate<string, [ResumeRequest?]>(messages.resume);
export const abortUpdate = defineUpdate<string, [AbortRequest?]>(messages.abort);
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
/** Holder, and the number of its request (absent from Wells of 2.0.0); whether the stand could not be made quiet. */
export const releaseLeaseSignal = defineSignal<[string, number?, { readonly unclean?: boolean }?]>('releaseLease');
/** With the number of the request that is granted (absent from stands of 2.0.0). */
export const leaseGrantedSignal = defineSignal<[number?]>('leaseGranted');
export const leaseRefusedSignal = defineSignal<[string]>('leaseRefused');
/** Another scan is urgent: give the stand back between two runs and ask for it again. */
export const yieldLeaseSignal = defineSignal('yieldLease');
/** From an attempt at acquiring: what its stand does not do, or that it does again. */
export const standNewsSignal = defineSignal<[StandNews]>(messages.standNews);
export const waitingForSignal = defineSignal<[string]>('waitingFor');

/** From a command at the bench to the workflow that stands for it in the queue. */
export const benchLeaseQuery = defineQuery<BenchLeaseState>(messages.benchLease);
export const renewBenchLeaseSignal = defineSignal(messages.renewBenchLease);
export const endBenchLeaseSignal = defineSignal(messages.endBenchLease);

/** To a stand, when a new release begins: continue as new as soon as nobody has it or waits for it. */
export const renewSignal = defineSignal(messages.renew);

/** To a stand, from people. */
export const standQuery = defineQuery<StandView>(messages.stand);
export const editQueueUpdate = defineUpdate<StandView, [QueueEdit]>(messages.editQueue);
