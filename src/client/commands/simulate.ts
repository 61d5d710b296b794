import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { DatenraffinerieError } from '../../domain/errors.js';
import { countText, durationText } from '../../domain/quantities.js';
import { faultNames, parseFault, type Fault } from '../../simulator/faults.js';
import { writeRecordedScan } from '../../simulator/recorded-scan.js';
import { startSimulator, type SimulatedStand, type StandPorts } from '../../simulator/simulator.js';
import { action, exit, newCommand } from '../command.js';
import { abortOnInterrupt } from '../interrupt.js';
import { positiveNumber, wholeNumber } from '../options/option-values.js';
import { readPorts, usualPorts } from '../options/simulator-ports.js';
import { textTable } from '../text/text-table.js';

interface Options {
  readonly ports: Partial<StandPorts>;
  readonly host: string;
  readonly boards: number;
  readonly seed: number;
  readonly chips: number;
  readonly layout: 'split' | 'joined';
  readonly runSeconds?: number;
  readonly eventRate?: number;
  readonly distinctEvents?: number;
  readonly noise: 'run' | 'counter';
  readonly fault: readonly Fault[];
  readonly writeNetwork?: string;
  readonly recordedScan?: string;
}

const faultHelp = textTable(['', ''], Object.entries(faultNames), { indent: '  ' });

/** `datenraffinerie simulate`: test stands on this computer, until Ctrl-C. */
export function build(): Command {
  return newCommand('simulate', 'test stands on this computer that speak the real protocols, until Ctrl-C')
    .option('--ports <list>', `0 for free ones, or SERVICE=PORT,… (default: ${showPorts(usualPorts)})`, readPorts)
    .option('--host <address>', 'address of this computer to listen at, for a daq worker on another', '127.0.0.1')
    .option('--boards <n>', 'boards, each with services of its own; their ports are 100 apart', wholeNumber(1), 1)
    .option('--seed <n>', 'what the boards are like', wholeNumber(0), 1)
    .option('--chips <n>', 'chips of a board', wholeNumber(1), 3)
    .addOption(new Option('--layout <layout>', 'record layout').choices(['split', 'joined']).default('split'))
    .option('--run-seconds <s>', 'duration of every run (default: as the events take)', positiveNumber)
    .option('--event-rate <hz>', 'events per second', positiveNumber)
    .option(
      '--distinct-events <n>',
      "after so many events a run's data repeat: long runs at little cost",
      wholeNumber(1),
    )
    .addOption(
      new Option('--noise <kind>', 'run: the same configuration gives the same data; counter: never')
        .choices(['run', 'counter'])
        .default('run'),
    )
    .option('--fault <fault>', 'NAME=RATE or NAME@RUN,RUN… (repeatable)', collectFaults, [])
    .option('--write-network <file>', 'write the network file that leads here (board n: FILE-n)')
    .option('--recorded-scan <dir>', 'write a small recorded scan to DIR and end')
    .addHelpText('after', ['\nFaults:', ...faultHelp].join('\n'))
    .action(action(simulate));
}

async function simulate({ recordedScan, ports = usualPorts, boards, fault, ...options }: Options): Promise<number> {
  if (recordedScan !== undefined) {
    const scan = await writeRecordedScan(resolve(recordedScan), { seed: options.seed, chips: options.chips });
    process.stdout.write(`${scan.main}\n${scan.network}\n`);
    return exit.done;
  }
  const simulator = await startSimulator({ ...defined(options), faults: fault, ports: portsOfBoards(ports, boards) });
  try {
    await writeNetworkFiles(options.writeNetwork, simulator.stands);
    for (const { name, ports: bound } of simulator.stands) process.stdout.write(`ready ${name} ${showPorts(bound)}\n`);
    await once(abortOnInterrupt().signal, 'abort');
  } finally {
    simulator.close();
  }
  for (const stand of simulator.stands) process.stderr.write(`${stand.name}: ${describeBusy(stand)}\n`);
  return exit.done;
}

/** Options that were not given keep the simulator's defaults. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function portsOfBoards(first: Partial<StandPorts>, boards: number): readonly Partial<StandPorts>[] {
  const shifted = (by: number) =>
    Object.fromEntries(Object.entries(first).map(([service, port]) => [service, port === 0 ? 0 : port + by]));
  return Array.from({ length: boards }, (_, board) => shifted(100 * board));
}

async function writeNetworkFiles(path: string | undefined, stands: readonly SimulatedStand[]): Promise<void> {
  if (path === undefined) return;
  for (const [index, stand] of stands.entries()) {
    const extension = extname(path);
    const stem = path.slice(0, path.length - extension.length);
    await writeFile(index === 0 ? path : `${stem}-${index + 1}${extension}`, stand.networkFile).catch((error) => {
      throw new DatenraffinerieError('StorageError', `the network file cannot be written: ${String(error)}`);
    });
  }
}

function describeBusy(stand: SimulatedStand): string {
  const { runs, busySeconds, elapsedSeconds } = stand.busyTime();
  if (runs === 0) return 'no runs';
  const percent = ((100 * busySeconds) / elapsedSeconds).toFixed(0);
  return `${countText(runs, 'run')}, taking data ${percent} % of ${durationText(elapsedSeconds)}`;
}

function showPorts(ports: Partial<StandPorts>): string {
  return Object.entries(ports)
    .map(([service, port]) => `${service}=${port}`)
    .join(',');
}

function collectFaults(text: string, before: readonly Fault[]): readonly Fault[] {
  return [...before, parseFault(text)];
}
