import type { Command } from 'commander';
import { readConfiguration } from '../../io/config-reader.js';
import { configRoots } from '../../io/config-roots.js';
import { ConfigError } from '../../domain/errors.js';
import { action, exit, newCommand } from '../command.js';
import { countText } from '../format.js';
import { printWarnings } from '../warnings.js';

/** `validate MAIN`: every finding of a configuration at once. */
export function build(): Command {
  return newCommand('validate', 'check a configuration: all errors at once, with file:line:column')
    .argument('<main>', 'main file')
    .option('--json', 'findings and names as JSON')
    .action(action((main: string, options: { json?: true }) => (options.json ? validateJson(main) : validate(main))));
}

async function validate(main: string): Promise<number> {
  const { procedures, workflows, warnings, files } = await readConfiguration(main, configRoots());
  printWarnings(warnings);
  const daq = [...procedures.values()].filter(({ type }) => type === 'daq').length;
  const parts = [
    `${daq} DAQ`,
    `${countText(procedures.size - daq, 'analysis').replace(/analysiss$/, 'analyses')}`,
    countText(workflows.size, 'workflow'),
  ];
  process.stdout.write(`${main}: valid: ${parts.join(', ')} in ${countText(files.length, 'file')}\n`);
  return exit.done;
}

async function validateJson(main: string): Promise<number> {
  try {
    const { procedures, workflows, warnings } = await readConfiguration(main, configRoots());
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
