/**
 * Room: scans as a client sees them: start, find, follow, send.
 * May use: client, client/text, domain, domain/config, domain/report, domain/scan, io/temporal, workflows.
 */

import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import type { ScanProgress } from '../../workflows/messages.js';
import { messages, scanWorkflow } from '../../workflows/names.js';
import { connectClient } from '../../io/temporal/connection.js';
import { decodePayload } from './payloads.js';
import { fromWorkflowFailure } from '../failure.js';
import { fromServerFailure, soon } from '../server-away.js';

/** Connects, runs, closes. */
export async function withClient<T>(body: (client: Client) => Promise<T>): Promise<T> {
  const { client, close } = await connectClient();
  try {
    return await body(client);
  } catch (error) {
    throw fromServerFailure(error);
  } finally {
    await close();
  }
}

/** Scans known to the server, newest first, at most `limit`; only running ones where asked. */
export async function listScans(
  client: Client,
  runningOnly: boolean,
  limit = Infinity,
): Promise<WorkflowExecutionInfo[]> {
  const query = `WorkflowType='${scanWorkflow}'${runningOnly ? " AND ExecutionStatus='Running'" : ''}`;
  const scans: WorkflowExecutionInfo[] = [];
  for await (const scan of client.workflow.list({ query })) {
    if (scans.length >= limit) break; // the server gives the newest first
    scans.push(scan);
  }
  return scans.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}

/** The server's list is a little behind: what it calls running is asked itself. */
async function reallyRunning(client: Client): Promise<string[]> {
  const listed = (await listScans(client, true)).map(({ workflowId }) => workflowId);
  const running = await Promise.all(listed.map((id) => isRunning(client, id)));
  return listed.filter((_, i) => running[i]);
}

async function isRunning(client: Client, id: string): Promise<boolean> {
  try {
    return (await soon(client, () => client.workflow.getHandle(id).describe())).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** The id given, else that of the one scan that runs. */
export async function scanId(client: Client, id: string | undefined): Promise<string> {
  if (id !== undefined) return id;
  const running = await soon(client, () => reallyRunning(client));
  if (running.length === 1) return running[0];
  const found = running.length === 0 ? 'no scan is running' : `${running.length} scans are running`;
  const ids = running.join(', ');
  throw new DatenraffinerieError('ConfigError', `${found}: say which one is meant`, {
    remedy: ids === '' ? "'datenraffinerie list' shows all" : `one of: ${ids}`,
  });
}

/** Why a scan has failed as a whole; nothing of one that runs, or that came to its end. */
export async function failureOf(client: Client, id: string): Promise<{ readonly failure?: string }> {
  const handle = client.workflow.getHandle(id);
  const { status } = await soon(client, () => handle.describe());
  if (status.name === 'RUNNING' || status.name === 'COMPLETED') return {};
  try {
    await soon(client, () => handle.result());
    return {};
  } catch (error) {
    const told = fromWorkflowFailure(error, id);
    return { failure: told instanceof Error ? told.message : String(told) };
  }
}

export function queryProgress(client: Client, id: string): Promise<ScanProgress> {
  return soon(client, () => client.workflow.getHandle(id).query<ScanProgress>(messages.progress));
}

/** What a running scan was started with, from its first event; undefined where none runs under this id. */
export async function runningInput(client: Client, id: string): Promise<ScanInput | undefined> {
  try {
    const description = await soon(client, () => client.workflow.getHandle(id).describe());
    if (description.status.name !== 'RUNNING') return undefined;
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId: description.runId },
      maximumPageSize: 1,
    });
    const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    return payload == null ? undefined : ((await decodePayload(client, payload)) as ScanInput);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
