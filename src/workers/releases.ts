import type { Client } from '@temporalio/client';
import { softwareVersion } from '../io/software.js';
import { readPollers } from '../io/temporal/pollers.js';
import { messages, standWorkflow, workflowQueue } from '../workflows/names.js';
import { versionOf } from './setting.js';

/**
 * What the first workflow worker of a release does: warns where one of another release is there too (each workflow task
 * goes to either of them), and lets the stands' workflows, which run for ever, go on with this release when they are
 * idle. What fails is logged: a server that cannot say it is no reason not to work.
 */
export async function welcomeRelease(client: Client, log: (text: string) => void): Promise<void> {
  try {
    const others = await findOtherReleases(client);
    if (others.length > 0) log(otherReleases(others));
    await renewStands(client);
  } catch (error) {
    log(`other releases were not looked for: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function findOtherReleases(client: Client): Promise<string[]> {
  const pollers = await readPollers(client, workflowQueue, 'workflow');
  return pollers
    .filter(({ identity }) => versionOf(identity) !== softwareVersion)
    .map(({ identity, secondsAgo }) => `${identity} (${versionOf(identity)}, seen ${Math.round(secondsAgo)} s ago)`);
}

function otherReleases(others: readonly string[]): string {
  return [
    `WARNING: workflow workers of another release than ${softwareVersion} ask the same server for work:`,
    ...others.map((other) => `    ${other}`),
    '    stop them, or this one: the steps of a scan would be done by either of them',
  ].join('\n');
}

async function renewStands(client: Client): Promise<void> {
  const query = `WorkflowType='${standWorkflow}' AND ExecutionStatus='Running'`;
  for await (const { workflowId } of client.workflow.list({ query }))
    await client.workflow
      .getHandle(workflowId)
      .signal(messages.renew)
      .catch(() => undefined); // it has just ended
}
