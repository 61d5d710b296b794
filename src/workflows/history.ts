import { workflowInfo } from '@temporalio/workflow';

/** Well below the 4,096 events at which the server asks for a new run. */
const eventsPerRun = 3000;

/** Whether a workflow's history has grown so long that it should continue as new. */
export function isLong(most = eventsPerRun): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return historyLength >= most || continueAsNewSuggested;
}
