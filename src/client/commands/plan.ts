import { resolve } from 'node:path';
import type { Command } from 'commander';
import { plannedAgain } from '../../domain/plan/again.js';
import { orderProcedures } from '../../domain/plan/order.js';
import { previewProcedures, type PreviewOptions } from '../../domain/plan/preview.js';
import type { Network } from '../../domain/config/network/network.js';
import { usualStand } from '../../domain/scan/scan-input.js';
import { readConfiguration } from '../../io/configuration/config-reader.js';
import { readGivenCalibration } from '../../io/configuration/calibration-files.js';
import { action, exit, newCommand } from '../command.js';
import { printWarnings, writeResult } from '../text/output.js';
import { planJson } from '../text/plan-json.js';
import { planText } from '../text/plan-text.js';
import { isOwnAnalysis } from '../options/own-analyses.js';
import { analysisSetting, collect } from '../options/worker-options.js';

interface PlanOptions {
  readonly output?: string;
  readonly network?: string;
  readonly calibration?: string;
  readonly board?: string;
  readonly stand?: string;
  readonly anyStand?: true;
  readonly verify?: true;
  readonly again: readonly string[];
  readonly json?: true;
  readonly configs?: true;
}

/** `plan MAIN PROCEDURE…`: what a scan would do, without doing it. */
export function build(): Command {
  return newCommand('plan', 'what a scan would do: order, runs, axes, time, data, what is reused')
    .argument('<main>', 'main file')
    .argument('<procedures...>', 'procedures or workflows, in the order of execution')
    .option('--output <dir>', 'output folder whose runs would be reused')
    .option('--network <file>', 'network file: its run_seconds give the time, its name the stand')
    .option('--stand <name>', 'name of the stand')
    .option('--calibration <file>', 'calibration of an earlier scan')
    .option('--board <text>', 'serial of the board (part of the run keys)')
    .option('--any-stand', 'reuse runs that were measured at another stand or on another board')
    .option('--verify', 'read the raw files that would be reused')
    .option('--again <name>', 'as if this analysis were to be run again, repeatable', collect, [])
    .option('--json', 'as JSON')
    .option('--configs', 'with --json: start state, patch and what is sent, for every run')
    .action(action(plan));
}

async function plan(main: string, procedures: string[], options: PlanOptions): Promise<number> {
  const configuration = await readConfiguration(main, isOwnAnalysis);
  printWarnings(configuration.warnings);
  const planned = orderProcedures(configuration, procedures);
  const again = plannedAgain(planned, options.again);
  const network = options.network === undefined ? undefined : await readNetworkFile(options.network);
  const entries = await previewProcedures(configuration, planned, {
    origin: { board: options.board, stand: standOf(options, network), any: options.anyStand },
    calibration: options.calibration === undefined ? undefined : await readGivenCalibration(options.calibration),
    ...(options.output === undefined ? {} : await openOutput(resolve(options.output), again, options)),
    runSeconds: network?.runSeconds,
  });
  await writeResult(
    options.json || options.configs ? planJson(entries, options.configs === true) : [planText(entries)],
  );
  return exit.done;
}

/** What reads manifests and results is loaded only where there is an output folder to look into. */
async function openOutput(
  output: string,
  again: ReadonlySet<string>,
  { verify, board }: PlanOptions,
): Promise<Pick<PreviewOptions, 'reuse' | 'table' | 'analysis' | 'madeCalibration'>> {
  const { previewOf } = await import('../../io/output/reuse-preview.js');
  const { previewTables } = await import('../../io/merge/preview.js');
  const { previewAnalyses, previewCalibrations } = await import('../../io/analysis/preview.js');
  const { analyses: folders } = analysisSetting({ analyses: [] });
  return {
    reuse: previewOf(output, verify === true),
    table: previewTables(output, verify === true),
    analysis: previewAnalyses(output, { folders, again, board }),
    madeCalibration: previewCalibrations(output),
  };
}

async function readNetworkFile(file: string): Promise<Network> {
  const { readNetwork } = await import('../../io/configuration/network-reader.js');
  return readNetwork(file);
}

/** As `run` has it; unknown, and so not compared, where neither stand nor network file is given. */
function standOf({ stand }: PlanOptions, network: Network | undefined): string | undefined {
  return stand ?? (network === undefined ? undefined : (network.name ?? usualStand));
}
