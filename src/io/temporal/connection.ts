/**
 * Room: Temporal's server: its command line program found or made, a server of one's own, connections.
 * May use: domain, io, io/processes.
 */

import { Client, Connection } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import { readTemporalSettings, type SettingsDefaults, type TemporalSettings } from './settings.js';

export interface ConnectOptions extends SettingsDefaults {
  /** Milliseconds until an unreachable server is an error; default 5 s. */
  readonly timeoutMs?: number;
}

/** A connected client, and how to let go of it. */
export interface ConnectedClient {
  readonly client: Client;
  readonly connection: Connection;
  readonly settings: TemporalSettings;
  close(): Promise<void>;
}

/** Connects to the server that `readTemporalSettings` names. Throws `ServerError` where it does not answer. */
export async function connectClient(options: ConnectOptions = {}): Promise<ConnectedClient> {
  const settings = readTemporalSettings(options);
  const connection = await openConnection(settings, options.timeoutMs ?? 5000);
  const client = new Client({ connection, namespace: settings.namespace });
  return { client, connection, settings, close: () => connection.close() };
}

/** A connection whose server has answered. */
export async function openConnection(settings: TemporalSettings, timeoutMs: number): Promise<Connection> {
  try {
    return await Connection.connect({
      ...settings.connectionOptions,
      connectTimeout: timeoutMs,
      channelArgs: {
        // a server that is just starting is found at once; grpc's own first pause is 1 s
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 1000,
        // a proxy for the web knows no way to this computer, or to the lab; neither worker core nor CLI asks one
        'grpc.enable_http_proxy': 0,
      },
    });
  } catch (error) {
    throw unreachable(settings.address, error);
  }
}

/** The one message for a server that does not answer. */
export function unreachable(address: string, cause: unknown): DatenraffinerieError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const why = /message: "([^"]+)"/.exec(text)?.[1] ?? text.split('\n', 1)[0]; // the core's errors are nested
  return new DatenraffinerieError('ServerError', `no Temporal server answers at ${address} (${why})`, {
    remedy: "start one with 'datenraffinerie up', or set TEMPORAL_ADDRESS to the one that is meant",
    cause,
  });
}
