import { resolve } from 'node:path';
import type { Command } from 'commander';
import { countText } from '../../domain/quantities.js';
import type { Fault, Verified } from '../../io/verify/fault.js';
import { verifyFolder } from '../../io/verify/verify-folder.js';
import { action, exit, newCommand } from '../command.js';
import { abortOnInterrupt } from '../interrupt.js';

/** `verify DIR`: whether everything in an output folder is what was measured and made. */
export function build(): Command {
  return newCommand('verify', 'whether an output folder is still what was measured and made; reads all of it')
    .argument('<dir>', 'output folder')
    .option('--json', 'as JSON')
    .action(action(verify));
}

async function verify(dir: string, { json }: { readonly json?: true }): Promise<number> {
  const interrupt = abortOnInterrupt();
  const procedures: Verified[] = [];
  try {
    for await (const each of verifyFolder(resolve(dir), interrupt.signal)) {
      procedures.push(each);
      if (json !== true) process.stdout.write(textOf(each));
    }
  } catch (error) {
    if (interrupt.signal.aborted) return exit.interrupted;
    throw error;
  } finally {
    interrupt.stop();
  }
  const faults = procedures.flatMap((each) => each.faults);
  process.stdout.write(json === true ? `${JSON.stringify({ procedures }, null, 2)}\n` : summary(procedures, faults));
  return faults.length === 0 ? exit.done : exit.failed;
}

/** Faults in the way of compilers: the file, what is wrong with it, and below what to do. */
function textOf({ name, checked, faults }: Verified): string {
  if (faults.length === 0) return `${name}: as it was (${checked})\n`;
  const lines = faults.map(({ path, message, remedy }) => {
    return `  ${path}: ${message}\n${remedy === undefined ? '' : `    ${remedy}\n`}`;
  });
  return `${name}: ${countText(faults.length, 'fault')}${checked === '' ? '' : ` (${checked})`}\n${lines.join('')}`;
}

function summary(procedures: readonly Verified[], faults: readonly Fault[]): string {
  const all = countText(procedures.length, 'procedure');
  return faults.length === 0 ? `${all}, all as they were\n` : `${all}, ${countText(faults.length, 'fault')}\n`;
}
