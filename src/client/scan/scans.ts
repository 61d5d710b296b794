/**
 * Room: scans as a client sees them: start, find, follow, send.
 * May use: client, client/text, domain, domain/scan, io/temporal, workflows.
 */

import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import type { ScanProgress } from '../../workflows/messages.js';
import { messages, scanWorkflow } from '../../workflows/names.js';
import { connectClient } from '../../io/temporal/connection.js';

/** Connects, runs, closes. */
export async function withClient<T>(body: (client: Client) => Promise<T>): Promise<T> {
  const { client, close } = await connectClient();
  try {
    return await body(client);
  } finally {
    await close();
  }
}

/** All scans known to the server, newest first; only running ones where asked. */
export async function listScans(client: Client, runningOnly: boolean): Promise<WorkflowExecutionInfo[]> {
  const query = `WorkflowType='${scanWorkflow}'${runningOnly ? " AND ExecutionStatus='Running'" : ''}`;
  const scans: WorkflowExecutionInfo[] = [];
  for await (const scan of client.workflow.list({ query })) scans.push(scan);
  return scans.sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
}

/** The id given, else that of the one scan that runs. */
export async function scanId(client: Client, id: string | undefined): Promise<string> {
  if (id !== undefined) return id;
  const running = await listScans(client, true);
  if (running.length === 1) return running[0].workflowId;
  const found = running.length === 0 ? 'no scan is running' : `${running.length} scans are running`;
  const ids = running.map((scan) => scan.workflowId).join(', ');
  throw new DatenraffinerieError('ConfigError', `${found}: say which one is meant`, {
    remedy: ids === '' ? "'datenraffinerie list' shows all" : `one of: ${ids}`,
  });
}

export function queryProgress(client: Client, id: string): Promise<ScanProgress> {
  return client.workflow.getHandle(id).query<ScanProgress>(messages.progress);
}

/** What a running scan was started with, from its first event; undefined where none runs under this id. */
export async function runningInput(client: Client, id: string): Promise<ScanInput | undefined> {
  try {
    const description = await client.workflow.getHandle(id).describe();
    if (description.status.name !== 'RUNNING') return undefined;
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId: description.runId },
      maximumPageSize: 1,
    });
    const payload = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    return payload == null ? undefined : defaultPayloadConverter.fromPayload<ScanInput>(payload);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
