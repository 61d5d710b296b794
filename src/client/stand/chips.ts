import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { configJson } from '../../domain/config/config-json.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { formatYaml } from '../../domain/config/yaml/yaml.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { registersToRead, registersToWrite, withSlowControl, type BenchAct, type BenchStand } from './slow-control.js';
import { action, exit, newCommand } from '../command.js';
import { abortOnInterrupt } from '../interrupt.js';
import { parseCount, wholeNumber } from '../options/option-values.js';

interface ReadOptions extends BenchStand {
  readonly output?: string;
  readonly json?: boolean;
}

interface WriteOptions extends BenchStand {
  readonly readback?: boolean;
}

/** `stand read|write|reset|describe`: the chips of a stand, at the bench; refused while another uses it, or waiting. */
export function chipCommands(): readonly Command[] {
  return [
    reading('describe', 'what exists on the board, and its ranges').action(action(describe)),
    reading('read', 'values from the chips, of REGISTER… such as roc_s0.ch.10 (all below it); without any, everything')
      .argument('[register...]')
      .action(action(read)),
    onStand('write', 'write REGISTER=VALUE… or YAML files')
      .argument('<values...>')
      .option('--readback', 'read what was written from the chips, and compare')
      .action(action(write)),
    onStand('reset', 'power-on values in all chips').action(action(reset)),
  ];
}

function onStand(name: string, summary: string): Command {
  return newCommand(name, summary)
    .requiredOption('--network <file>', 'network file of the stand')
    .option('--stand <name>', "name of the stand (default: the network file's, else local)")
    .option('--wait', 'wait in the queue of the stand where it is in use')
    .option('--timeout <seconds>', 'with --wait: give up after so long', parseCount)
    .option('--priority <n>', 'with --wait: place in the queue, 1 (first) to 5; default 3', wholeNumber(1, 5))
    .option('--urgent', 'with --wait: take the stand over from a running scan between two runs');
}

function reading(name: string, summary: string): Command {
  return onStand(name, summary)
    .option('--output <file>', 'write to FILE instead of stdout')
    .option('--json', 'as JSON instead of YAML');
}

function describe(options: ReadOptions): Promise<number> {
  return atStand(
    options,
    'stand describe',
    (chips, signal) => chips.describe(signal),
    (found) => show(found, options),
  );
}

function read(names: readonly string[], options: ReadOptions): Promise<number> {
  const get: BenchAct<ConfigMap> = async (chips, signal) =>
    chips.get(registersToRead(await chips.describe(signal), names), signal);
  return atStand(options, 'stand read', get, (found) => show(found, options));
}

async function write(parts: readonly string[], options: WriteOptions): Promise<number> {
  const values = await registersToWrite(parts);
  const readback = options.readback === true;
  const set: BenchAct<void> = (chips, signal) => chips.set(values, readback, signal);
  return atStand(options, 'stand write', set, () => say(readback ? 'written, and read back the same' : 'written'));
}

function reset(options: BenchStand): Promise<number> {
  const power: BenchAct<void> = (chips, signal) => chips.reset(signal);
  return atStand(options, 'stand reset', power, () => say('all chips have their power-on values'));
}

/** Does something with the chips and then tells of it; Ctrl-C gives the stand, or the place in its queue, back. */
async function atStand<T>(
  options: BenchStand,
  what: string,
  act: BenchAct<T>,
  tell: (found: T) => void | Promise<void>,
): Promise<number> {
  const { signal, stop } = abortOnInterrupt();
  try {
    await tell(await withSlowControl(options, what, signal, act));
    return exit.done;
  } catch (error) {
    if (!signal.aborted) throw error;
    say('interrupted');
    return exit.interrupted;
  } finally {
    stop();
  }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function show(values: ConfigMap, { output, json }: ReadOptions): Promise<void> {
  const text = json === true ? `${JSON.stringify(JSON.parse(configJson(values)), null, 2)}\n` : formatYaml(values);
  if (output === undefined) process.stdout.write(text);
  else {
    await writeFile(output, text).catch((cause: unknown) => {
      throw new DatenraffinerieError('StorageError', `${output} cannot be written`, { cause });
    });
  }
}
