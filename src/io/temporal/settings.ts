import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadClientConfigProfile, loadClientConnectConfig } from '@temporalio/envconfig';
import { DatenraffinerieError } from '../../domain/errors.js';

const defaultAddress = '127.0.0.1:7233';

export interface TemporalSettings {
  /** HOST:PORT. */
  readonly address: string;
  readonly namespace: string;
  /** What `Connection.connect` and `NativeConnection.connect` both take: address, TLS, API key, metadata. */
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
}

/** Which server is meant where nothing else says so: that of `up` on this machine. */
export interface SettingsDefaults {
  readonly address?: string | undefined;
}

/**
 * Address, namespace and TLS as the `temporal` CLI takes them: environment (`TEMPORAL_ADDRESS`, …), profile
 * (`TEMPORAL_PROFILE`) in its configuration file, defaults. Throws `ConfigError` where they cannot be read.
 */
export function readTemporalSettings(defaults: SettingsDefaults = {}): TemporalSettings {
  const { connectionOptions, namespace } = attempt(() => loadClientConnectConfig());
  const address = configuredAddress() ?? defaults.address ?? defaultAddress;
  return { address, namespace: namespace ?? 'default', connectionOptions: { ...connectionOptions, address } };
}

/** The address that environment or profile name; undefined where none does. */
export function configuredAddress(): string | undefined {
  return attempt(() => loadClientConfigProfile()).address || undefined;
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): DatenraffinerieError {
  // an empty file makes the library stumble over the missing table
  const missing = error instanceof TypeError ? 'there is no [profile.default] in it' : undefined;
  const text = missing ?? (error instanceof Error ? error.message : String(error));
  const file = process.env['TEMPORAL_CONFIG_FILE'] ?? join(configFolder(), 'temporalio', 'temporal.toml');
  const where = existsSync(file) ? `the environment and ${file}` : `the environment (there is no ${file})`;
  return new DatenraffinerieError('ConfigError', `Temporal's settings cannot be read from ${where}: ${text}`, {
    remedy: 'check TEMPORAL_PROFILE, TEMPORAL_ADDRESS and that file',
    cause: error,
  });
}

function configFolder(): string {
  return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}

/** A path that does not exist: without a file, settings come from the environment alone. */
const noFile = '/nonexistent/temporal.toml';

/** The environment for processes that shall use a server of ours, whatever the user's own settings of Temporal are. */
export function environmentFor(address: string, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(others), TEMPORAL_ADDRESS: address, TEMPORAL_CONFIG_FILE: noFile };
}
