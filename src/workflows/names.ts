import type { Release } from '../domain/scan/tasks.js';

/** Names and ids that users and programs hold on to (docs: contract of names); changing one breaks running scans. */
/** Of this build: what workflows that it begins may do. */
export const release: Release = '2.1';

export const workflowQueue = 'datenraffinerie';
export const processingQueue = 'processing';
export const analysisQueue = 'analysis';

export function daqQueue(stand: string): string {
  return `daq-${stand}`;
}

export function daqWorkflowId(scan: string, procedure: string): string {
  return `${scan}/daq/${procedure}`;
}

export function analysisWorkflowId(scan: string, procedure: string): string {
  return `${scan}/analysis/${procedure}`;
}

/** Ids that the workflow of a procedure may have, whatever it does. */
export function childIds(scan: string, procedure: string): string[] {
  return [daqWorkflowId(scan, procedure), analysisWorkflowId(scan, procedure)];
}

/** @param unique tells two commands at the bench apart */
export function benchWorkflowId(stand: string, unique: string): string {
  return `bench/${stand}/${unique}`;
}

export function standWorkflowId(stand: string): string {
  return `stand/${stand}`;
}

/** The server takes ids of 1000 bytes; those of a scan's procedures are longer than its own. */
const longestId = 500;

/** Why a text cannot be the id of a scan, if so: it may come from the `temporal` command line as well. */
export function scanIdProblem(id: string): string | undefined {
  if (id.trim() === '') return 'it is empty';
  if (id.length > longestId) return `it has ${id.length} characters, more than ${longestId}`;
  if (/\p{Cc}/u.test(id)) return 'it has control characters';
  const ours = [/^stand\//, /^bench\//, /\/daq\//, /\/analysis\//].find((pattern) => pattern.test(id));
  return ours === undefined ? undefined : 'it would be that of a stand, of a command at the bench or of a procedure';
}

/** Search attributes, all of type Keyword; registered by `up` and `setup`. */
export const searchAttributes = {
  procedure: 'DrfProcedure',
  stand: 'DrfStand',
  phase: 'DrfPhase',
  output: 'DrfOutput',
  board: 'DrfBoard',
  operator: 'DrfOperator',
  verdict: 'DrfVerdict',
} as const;
/** Those that a server has which was prepared by 2.0.0. */
export const oldestAttributes = ['procedure', 'stand', 'phase', 'output'].map(
  (name) => searchAttributes[name as keyof typeof searchAttributes],
);
export const searchAttributeNames = Object.values(searchAttributes);

export const scanWorkflow = 'valveYard';
export const standWorkflow = 'testStand';
export const benchWorkflow = 'benchLease';

/** Of each workflow: a long history must be replayed within it. */
export const workflowTaskTimeout = '10 seconds';

/** Queries, signals and updates that users and programs send. */
export const messages = {
  progress: 'progress',
  pause: 'pause',
  resume: 'resume',
  abort: 'abort',
  answer: 'answer',
  stand: 'stand',
  editQueue: 'editQueue',
  requestLease: 'requestLease',
  standNews: 'standNews',
  renew: 'renew',
  benchLease: 'benchLease',
  renewBenchLease: 'renewBenchLease',
  endBenchLease: 'endBenchLease',
} as const;

/** What activities that ask for a stand must know of its workflow. */
export const standNames = {
  workflowType: standWorkflow,
  queue: workflowQueue,
  requestSignal: messages.requestLease,
  release,
  workflowTaskTimeout,
  workflowId: standWorkflowId,
} as const;
