/** Names and ids that users and programs hold on to (docs: contract of names); changing one breaks running scans. */
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

/** @param unique tells two commands at the bench apart */
export function benchWorkflowId(stand: string, unique: string): string {
  return `bench/${stand}/${unique}`;
}

export function standWorkflowId(stand: string): string {
  return `stand/${stand}`;
}

/** Search attributes, all of type Keyword; registered by `up` and `setup`. */
export const searchAttributes = {
  procedure: 'DrfProcedure',
  stand: 'DrfStand',
  phase: 'DrfPhase',
  output: 'DrfOutput',
} as const;
export const searchAttributeNames = Object.values(searchAttributes);

export const scanWorkflow = 'valveYard';
export const standWorkflow = 'testStand';
export const benchWorkflow = 'benchLease';

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
  benchLease: 'benchLease',
  renewBenchLease: 'renewBenchLease',
  endBenchLease: 'endBenchLease',
} as const;
