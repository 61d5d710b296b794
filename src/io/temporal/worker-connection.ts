import { NativeConnection } from '@temporalio/worker';
import { unreachable } from './connection.js';
import { readTemporalSettings, type SettingsDefaults, type TemporalSettings } from './settings.js';

/** A worker's connection to the server that `readTemporalSettings` names. Throws `ServerError` where none answers. */
export async function connectWorker(
  defaults: SettingsDefaults = {},
): Promise<{ readonly connection: NativeConnection; readonly settings: TemporalSettings }> {
  const settings = readTemporalSettings(defaults);
  try {
    return { connection: await NativeConnection.connect(settings.connectionOptions), settings };
  } catch (error) {
    throw unreachable(settings.address, error);
  }
}
