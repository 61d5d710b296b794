import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { configJson } from '../../domain/config/config-json.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { formatYaml } from '../../domain/config/yaml.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { registersToRead, registersToWrite, withSlowControl, type BenchStand } from '../bench-stand.js';
import { action, exit, newCommand } from '../command.js';

interface ReadOptions extends BenchStand {
  readonly output?: string;
  readonly json?: boolean;
}

interface WriteOptions extends BenchStand {
  readonly readback?: boolean;
}

/** `stand read|write|reset|describe`: the chips of a stand, at the bench; refused while another uses it. */
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
    .option('--stand <name>', "name of the stand (default: the network file's, else local)");
}

function reading(name: string, summary: string): Command {
  return onStand(name, summary)
    .option('--output <file>', 'write to FILE instead of stdout')
    .option('--json', 'as JSON instead of YAML');
}

async function describe(options: ReadOptions): Promise<number> {
  const found = await withSlowControl(options, 'stand describe', (chips) => chips.describe(never));
  return show(found, options);
}

async function read(names: readonly string[], options: ReadOptions): Promise<number> {
  const found = await withSlowControl(options, 'stand read', async (chips) =>
    chips.get(registersToRead(await chips.describe(never), names), never),
  );
  return show(found, options);
}

async function write(parts: readonly string[], options: WriteOptions): Promise<number> {
  const values = await registersToWrite(parts);
  await withSlowControl(options, 'stand write', (chips) => chips.set(values, options.readback === true, never));
  process.stderr.write(options.readback === true ? 'written, and read back the same\n' : 'written\n');
  return exit.done;
}

async function reset(options: BenchStand): Promise<number> {
  await withSlowControl(options, 'stand reset', (chips) => chips.reset(never));
  process.stderr.write('all chips have their power-on values\n');
  return exit.done;
}

const never = new AbortController().signal;

async function show(values: ConfigMap, { output, json }: ReadOptions): Promise<number> {
  const text = json === true ? `${JSON.stringify(JSON.parse(configJson(values)), null, 2)}\n` : formatYaml(values);
  if (output === undefined) process.stdout.write(text);
  else {
    await writeFile(output, text).catch((cause: unknown) => {
      throw new DatenraffinerieError('StorageError', `${output} cannot be written`, { cause });
    });
  }
  return exit.done;
}
