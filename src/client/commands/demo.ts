import { mkdir, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { DatenraffinerieError } from '../../domain/errors.js';
import { packageFile, program } from '../../io/compiled.js';
import { openConnection } from '../../io/temporal/connection.js';
import type { GuardedProcess } from '../../io/processes/guarded-process.js';
import { fullCalibrationName, reportName } from '../../io/output/paths.js';
import { startReady } from '../../io/processes/ready-process.js';
import { describeEnding } from '../../io/processes/supervise.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { action, exit, newCommand } from '../command.js';
import { onInterrupt } from '../interrupt.js';
import { followScan } from '../scan/follow.js';
import { startStack } from '../up/stack.js';
import { startOrAttach } from '../scan/start-scan.js';
import { analysisSetting } from '../options/worker-options.js';

const example = packageFile('config-examples/calibration-chain.yaml');
const procedures = ['calibrated_injection_response', 'toa_thresholds'];
const stand = 'demo';
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** `datenraffinerie demo`: everything on this machine without hardware. */
export function build(): Command {
  return newCommand('demo', 'server, workers, a simulated stand, a scan, analyses, pictures: all on this machine')
    .option('--output <dir>', 'folder for data and results', 'demo-output')
    .action(action(demo));
}

async function demo({ output }: { readonly output: string }): Promise<number> {
  const folder = resolve(output);
  await mkdir(folder, { recursive: true });
  const stopping = new AbortController();
  onInterrupt(() => stopping.abort());
  try {
    return (await showAll(folder, stopping.signal)) ? exit.done : exit.interrupted;
  } catch (error) {
    if (stopping.signal.aborted) return exit.interrupted;
    throw error;
  }
}

/** @returns false where it was interrupted */
async function showAll(folder: string, signal: AbortSignal): Promise<boolean> {
  say('starting a Temporal server, workers and a simulated test stand …');
  const server = { port: 0, data: join(folder, '.server'), ui: true };
  const setting = { stands: [stand], ...analysisSetting({ analyses: [] }), log: showTrouble, signal };
  const stack = await startStack({ server, ...setting });
  let simulator: GuardedProcess | undefined;
  try {
    const network = join(folder, '.server', 'network.yaml');
    simulator = await startSimulator(network, signal);
    say(`watch it in the Temporal Web UI while it runs: ${stack.uiUrl ?? `(none) ${stack.address}`}`);
    const scan = join(folder, 'scan');
    const input = { config: example, procedures, output: scan, network, stand, fresh: true };
    const done = await runScan(stack.address, input, signal);
    if (done) await showResults(scan);
    return done;
  } finally {
    say('stopping server, workers and stand …');
    await simulator?.stop(10_000);
    await stack.stop();
  }
}

/** Workers' messages are not what a demo shows, but trouble is. */
function showTrouble(line: string): void {
  if (/\bERROR\b|unexpected/.test(line)) say(line);
}

/** A stand of its own on free ports; resolves when it takes data, rejects where it ends before. */
async function startSimulator(network: string, signal: AbortSignal): Promise<GuardedProcess> {
  const words = ['simulate', '--ports', '0', '--run-seconds', '0.02', '--write-network', network];
  const { child, early } = await startReady(process.execPath, [program, ...words], { onErrorLine: say }, signal);
  if (early === undefined) return child;
  throw new DatenraffinerieError(
    'ServerError',
    `the simulated stand does not start (${describeEnding(early.ending)}): ${early.last}`,
  );
}

/** @returns false where it was interrupted */
async function runScan(address: string, input: ScanInput, signal: AbortSignal): Promise<boolean> {
  const namespace = 'default';
  const connection = await openConnection({ address, namespace, connectionOptions: { address } }, 5000);
  try {
    const client = new Client({ connection, namespace });
    await startOrAttach(client, 'demo', input);
    return (await followScan(client, 'demo', signal)) !== undefined;
  } finally {
    await connection.close();
  }
}

/** Tables, reports and the pictures of every analysis. */
async function showResults(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => !name.startsWith('.')).sort();
  const shown = files.filter((name) => name === fullCalibrationName || /\.(h5|html|png|csv)$/.test(name));
  process.stdout.write(`\nresults in ${folder}:\n${shown.map((name) => `  ${name}\n`).join('')}`);
  const [report] = shown.filter((name) => basename(name) === reportName);
  process.stdout.write(`\nopen ${join(folder, report ?? shown.find((name) => name.endsWith('response.png')) ?? '')}\n`);
}
