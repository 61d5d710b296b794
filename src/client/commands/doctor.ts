import { resolve } from 'node:path';
import type { Command } from 'commander';
import { usualStand } from '../../domain/scan/scan-input.js';
import { action, exit, newCommand } from '../command.js';
import { findingsText } from '../doctor/finding.js';
import { machine } from '../doctor/machine.js';
import { output } from '../doctor/output.js';
import { server } from '../doctor/server.js';
import { stands } from '../doctor/stands.js';

interface Options {
  readonly output?: string;
  readonly stand?: readonly string[];
  readonly json?: boolean;
}

/** `datenraffinerie doctor`: looks at everything that a scan needs, and changes nothing. */
export function build(): Command {
  return newCommand('doctor', 'what is there and what is missing on this computer')
    .option('--output <dir>', 'look at this output folder, too')
    .option('--stand <name...>', `stands whose daq workers are looked for (default: ${usualStand})`)
    .option('--json', 'as JSON')
    .action(action(doctor));
}

async function doctor(options: Options): Promise<number> {
  const parts = [machine(), server(options.stand ?? [usualStand]), stands()];
  if (options.output !== undefined) parts.push(output(resolve(options.output)));
  const findings = (await Promise.all(parts)).flat();
  process.stdout.write(options.json === true ? `${JSON.stringify({ findings }, null, 2)}\n` : findingsText(findings));
  return findings.some(({ state }) => state === 'missing') ? exit.failed : exit.done;
}
