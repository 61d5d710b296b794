import type { SlowReadings } from '../../domain/config/network/network.js';
import { parseYaml } from '../../domain/config/yaml/yaml.js';
import { isMap, type ConfigValue } from '../../domain/config/value.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { runUserCommand } from '../processes/user-command.js';
import type { RawSink, RunTaken, Silence, StandDriver, StandRun, StandStart } from '../../domain/daq/stand.js';

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
    const { stdout, lastLine, failure } = await runUserCommand(this.settings.command, {
      seconds: patienceSeconds,
      signal,
    });
    if (failure === undefined) return stdout;
    throw refusal(lastLine === '' ? failure : lastLine); // the last line that it printed says why it refuses
  }
}

function refusal(reason: string): DatenraffinerieError {
  return new DatenraffinerieError('ReadingError', `slow readings: ${reason}`, {
    remedy: 'the scan goes on by itself when the command slow_readings of the network file succeeds again',
  });
}

function parseReadings(text: string): Readings {
  const value = parseYaml(text, 'output of slow_readings');
  if (!isMap(value)) throw noReadings('it printed no mapping of names to numbers');
  const readings = new Map<string, number>();
  for (const [name, number] of value) {
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name))
      throw noReadings(`'${String(name)}' is no column name`);
    const reading = numberOf(number);
    if (reading === undefined) throw noReadings(`'${name}' is no number: ${String(number)}`);
    readings.set(name, Number.isFinite(reading) ? reading : NaN); // a lost sensor
  }
  return readings;
}

/** As programs print them: `2e-09` is text to YAML 1.1; NaN where a sensor is lost. */
function numberOf(value: ConfigValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = /^[+-]?nan$/i.test(value.trim()) ? NaN : Number(value);
  return Number.isNaN(number) && !/nan/i.test(value) ? undefined : number;
}

function noReadings(what: string): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `the command slow_readings of the network file: ${what}`, {
    remedy: 'let it print lines such as `temperature: 24.5`, and messages on stderr',
  });
}

/** A stand whose slow readings are taken before each run; where they refuse, the run is not begun. */
export class ReadingDriver implements StandDriver {
  constructor(
    private readonly stand: StandDriver,
    private readonly reader: SlowReader,
  ) {}

  get kind(): StandDriver['kind'] {
    return this.stand.kind;
  }

  begin(start: StandStart, signal: AbortSignal): Promise<void> {
    return this.stand.begin(start, signal);
  }

  prepare(next: StandRun): void {
    this.stand.prepare?.(next);
  }

  async takeRun(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<RunTaken> {
    const readings = await this.reader.read(signal);
    return { ...(await this.stand.takeRun(run, sink, signal)), readings };
  }

  silence(patience?: number): Silence | undefined {
    return this.stand.silence?.(patience);
  }

  async meet(signal: AbortSignal): Promise<void> {
    await this.stand.meet?.(signal);
  }

  quiet(signal: AbortSignal): Promise<void> {
    return this.stand.quiet(signal);
  }

  close(): Promise<void> {
    return this.stand.close();
  }
}
