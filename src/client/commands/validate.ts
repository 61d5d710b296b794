import type { Command } from 'commander';
import { readConfiguration } from '../../io/configuration/config-reader.js';
import type { Configuration } from '../../domain/config/reading/configuration.js';
import { ConfigError } from '../../domain/errors.js';
import { countText } from '../../domain/quantities.js';
import { action, exit, newCommand } from '../command.js';
import { isOwnAnalysis } from '../options/own-analyses.js';
import { printWarnings } from '../text/output.js';

/** `validate MAIN`: every finding of a configuration at once. */
export function build(): Command {
  return newCommand('validate', 'check a configuration: all errors at once, with file:line:column')
    .argument('<main>', 'main file')
    .option('--json', 'findings and names as JSON')
    .action(action((main: string, options: { json?: true }) => (options.json ? validateJson(main) : validate(main))));
}

async function validate(main: string): Promise<number> {
  try {
    const configuration = await readConfiguration(main, isOwnAnalysis);
    printWarnings(configuration.warnings);
    process.stdout.write(`${main}: valid: ${contents(configuration)}\n`);
    return exit.done;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`); // every line begins with its place, as editors want it
    return exit.usage;
  }
}

function contents({ procedures, workflows, files }: Configuration): string {
  const daq = [...procedures.values()].filter(({ type }) => type === 'daq').length;
  const analyses = procedures.size - daq;
  const parts = [
    `${daq} DAQ`,
    `${analyses} ${analyses === 1 ? 'analysis' : 'analyses'}`,
    countText(workflows.size, 'workflow'),
  ];
  return `${parts.join(', ')} in ${countText(files.length, 'file')}`;
}

async function validateJson(main: string): Promise<number> {
  try {
    const { procedures, workflows, warnings } = await readConfiguration(main, isOwnAnalysis);
    print({ valid: true, problems: warnings, procedures: [...procedures.keys()], workflows: [...workflows.keys()] });
    return exit.done;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print({ valid: false, problems: error.problems });
    return exit.usage;
  }
}

function print(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
}
