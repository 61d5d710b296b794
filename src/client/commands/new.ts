import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { defaultPorts } from '../../domain/config/network/network.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { usualStand } from '../../domain/scan/scan-input.js';
import { packageFile } from '../../io/compiled.js';
import { exists } from '../../io/files.js';
import { action, exit, newCommand } from '../command.js';

const examples = packageFile('config-examples');

interface Options {
  readonly host?: string;
}

/** `datenraffinerie new`: a folder to begin with. */
export function build(): Command {
  return newCommand('new', 'write a main file, board files and a network file to begin with')
    .argument('<dir>', 'folder; made where it does not exist')
    .option('--host <name>', "computer of the board's servers (default: a simulated stand on this one)")
    .action(action(makeFolder));
}

async function makeFolder(given: string, { host }: Options): Promise<number> {
  const dir = resolve(given);
  const board = (await readdir(join(examples, 'board'))).map((name) => join('board', name));
  const copies = [['first-scan.yaml', 'main.yaml'], ...board.map((name) => [name, name])];
  await refuseToOverwrite([...copies.map(([, name]) => join(dir, name)), join(dir, 'network.yaml')]);
  for (const [from, to] of copies) {
    await mkdir(dirname(join(dir, to)), { recursive: true });
    await copyFile(join(examples, from), join(dir, to));
  }
  await writeFile(join(dir, 'network.yaml'), networkText(host));
  process.stdout.write(nextSteps(dir, host));
  return exit.done;
}

async function refuseToOverwrite(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (!(await exists(path))) continue;
    throw new DatenraffinerieError('ConfigError', `${path} is there already`, { remedy: 'give another folder' });
  }
}

/** The name is that of the stand that `up` looks after where nothing else is said. */
function networkText(host: string | undefined): string {
  const { slowControl, daq, data, client } = defaultPorts;
  const ports = `sc_ctrl_port: ${slowControl}, daq_ctrl_port: ${daq}, data_port: ${data}`;
  return `${[
    host === undefined
      ? "# A simulated stand on this computer: 'datenraffinerie simulate' is its servers."
      : `# The board's servers run on ${host}.`,
    '# name of the stand: daq workers and the queue of scans are found by it',
    `name: ${usualStand}`,
    'kind: hexaboard',
    `server: {hostname: ${host ?? 'localhost'}, ${ports}}`,
    ...(host === undefined ? [`client: {hostname: localhost, port: ${client}}`] : []),
  ].join('\n')}\n`;
}

function nextSteps(dir: string, host: string | undefined): string {
  const [main, network, output] = ['main.yaml', 'network.yaml', 'out'].map((name) => join(dir, name));
  const terminals = ['npx datenraffinerie up', ...(host === undefined ? ['npx datenraffinerie simulate'] : [])];
  return [
    `${main}, ${network} and ${join(dir, 'board')} are there. Next, each in a terminal of its own:`,
    '',
    ...terminals.map((line) => `  ${line}`),
    `  npx datenraffinerie run ${main} first_scan --network ${network} --output ${output}`,
    '',
  ].join('\n');
}
