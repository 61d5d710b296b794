import type { Client } from '@temporalio/client';
import { durationText } from '../../domain/quantities.js';
import { freePort } from '../../io/temporal/free-port.js';
import { missingSearchAttributes, searchAttributeCommand } from '../../io/temporal/namespace.js';
import { readPollers } from '../../io/temporal/pollers.js';
import { readTemporalSettings } from '../../io/temporal/settings.js';
import { connectClient, type ConnectedClient } from '../../io/temporal/connection.js';
import {
  analysisQueue,
  daqQueue,
  processingQueue,
  searchAttributeNames,
  workflowQueue,
} from '../../workflows/names.js';
import { clockSlack, look, missing, note, ok, type Finding } from './finding.js';

/** Temporal's server, and who works for it. */
export async function server(stands: readonly string[]): Promise<Finding[]> {
  const { address, namespace } = readTemporalSettings();
  const connected = await connectClient().catch(() => undefined);
  if (connected === undefined) return [await nobody(address)];
  try {
    const found = await Promise.all([
      look('Temporal server', async () => ok('Temporal server', `${address}, namespace ${namespace}`)),
      look('search attributes', () => attributes(connected)),
      ...workersOf(stands).map(([queue, kind, command]) =>
        look('worker', () => worker(connected.client, queue, kind, command)),
      ),
    ]);
    return found.flat();
  } finally {
    await connected.close();
  }
}

async function nobody(address: string): Promise<Finding> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  const taken = host === '127.0.0.1' && (await freePort(Number(port))) === undefined;
  const what = taken ? 'another program listens there' : 'nobody listens there';
  return missing(
    'Temporal server',
    `none answers at ${address} (${what})`,
    "'datenraffinerie up', or set TEMPORAL_ADDRESS",
  );
}

async function attributes({ connection, settings }: ConnectedClient): Promise<Finding> {
  const absent = await missingSearchAttributes(connection, settings.namespace, searchAttributeNames);
  if (absent.length === 0) return ok('search attributes', searchAttributeNames.join(', '));
  const commands = absent.map((name) => searchAttributeCommand(settings.namespace, name)).join('\n');
  return note('search attributes', `${absent.join(', ')} are not there: the Web UI cannot show them`, commands);
}

type Kind = Parameters<typeof readPollers>[2];

function workersOf(stands: readonly string[]): [queue: string, kind: Kind, command: string][] {
  return [
    [workflowQueue, 'workflow', 'workflow'],
    [processingQueue, 'activity', 'processing'],
    [analysisQueue, 'activity', 'analysis'],
    ...stands.map((stand): [string, Kind, string] => [daqQueue(stand), 'activity', `daq --stand ${stand}`]),
  ];
}

async function worker(client: Client, queue: string, kind: Kind, command: string): Promise<Finding> {
  const pollers = await readPollers(client, queue, kind);
  if (pollers.length === 0)
    return missing('worker', `none for ${queue}`, `'datenraffinerie worker ${command}', or 'up'`);
  const ahead = Math.max(...pollers.map(({ secondsAhead }) => secondsAhead));
  const names = pollers.map(({ identity, secondsAgo }) => `${identity} ${durationText(secondsAgo)} ago`).join(', ');
  if (ahead < clockSlack) return ok('worker', `${queue}: ${names}`);
  return note(
    'worker',
    `${queue}: ${names}`,
    `the server's clock is ${durationText(ahead)} ahead of ours: set both by NTP`,
  );
}
