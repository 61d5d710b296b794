import { execa, ExecaError } from 'execa';
import type { SlowReadings } from '../../domain/config/network/network.js';
import { parseYaml } from '../../domain/config/yaml/yaml.js';
import { isMap } from '../../domain/config/value.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { within } from './link/deadline.js';

/** Longer than any reading takes; a command that hangs must not hang the scan. */
const patienceSeconds = 60;

/** Values by name: `{temperature: 24.5, bias_current: 1.2e-6}`. */
export type Readings = ReadonlyMap<string, number>;

/**
 * Reads what changes slowly (temperature, bias voltage, currents) by a command of the network file: it prints a YAML
 * mapping of numbers. A command that fails says that data must not be taken now.
 */
export class SlowReader {
  private last: { readonly readings: Readings; readonly at: number } | undefined;

  constructor(private readonly settings: SlowReadings) {}

  /**
   * The readings for a run that begins now: new ones, or the last ones where they are younger than `every`.
   * Throws a ReadingError whose message is the command's last line where it fails, and a ConfigError where its output
   * is no mapping of numbers.
   */
  async read(signal: AbortSignal): Promise<Readings> {
    const now = performance.now();
    if (this.last !== undefined && now - this.last.at < 1000 * this.settings.everySeconds) return this.last.readings;
    const readings = parseReadings(await this.run(signal));
    this.last = { readings, at: now };
    return readings;
  }

  private async run(signal: AbortSignal): Promise<string> {
    const { command } = this.settings;
    const [program, ...parameters] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
    // a process group of its own, so that what a shell has started ends with it
    const child = execa(program, parameters, { detached: true, stdin: 'ignore', all: true });
    try {
      const output = child.then((result) => result.stdout);
      return await within(patienceSeconds, signal, output, () => refusal(`it did not end within ${patienceSeconds} s`));
    } catch (error) {
      if (error instanceof ExecaError) throw refusal(reasonOf(error), error);
      throw error;
    } finally {
      if (child.exitCode === null) killGroup(child.pid);
    }
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

function refusal(reason: string, cause?: unknown): DatenraffinerieError {
  return new DatenraffinerieError('ReadingError', `slow readings: ${reason}`, {
    remedy: 'the scan goes on by itself when the command slow_readings of the network file succeeds again',
    cause,
  });
}

/** The last line that the command printed, which says why it refuses; else how it ended. */
function reasonOf(error: ExecaError): string {
  const output = typeof error.all === 'string' ? error.all : '';
  const line = output.trimEnd().split('\n').at(-1)?.trim();
  return line === undefined || line === '' ? error.shortMessage : line;
}

function parseReadings(text: string): Readings {
  const value = parseYaml(text, 'output of slow_readings');
  if (!isMap(value)) throw noReadings('it printed no mapping of names to numbers');
  const readings = new Map<string, number>();
  for (const [name, number] of value) {
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name))
      throw noReadings(`'${String(name)}' is no column name`);
    if (typeof number !== 'number' || !Number.isFinite(number)) throw noReadings(`'${name}' is no number`);
    readings.set(name, number);
  }
  return readings;
}

function noReadings(what: string): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `the command slow_readings of the network file: ${what}`, {
    remedy: 'let it print lines such as `temperature: 24.5`, and messages on stderr',
  });
}
