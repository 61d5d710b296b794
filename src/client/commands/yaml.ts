import type { Command } from 'commander';
import { diff, update } from '../../domain/config/overlay.js';
import type { ConfigValue } from '../../domain/config/value.js';
import { formatYaml } from '../../domain/config/yaml/yaml.js';
import { readSource } from '../../io/configuration/config-reader.js';
import { action, exit, newCommand } from '../command.js';
import { configJson } from '../../domain/config/config-json.js';

/** `yaml diff A B` and `yaml update A B`: the algebra of configurations, on files. */
export function build(): Command {
  const command = newCommand('yaml', 'tools for configuration files');
  command
    .addCommand(operation('diff', 'the part of B that A lacks or has differently', (a, b) => diff(a, b) ?? new Map()))
    .addCommand(operation('update', 'B laid on A', update));
  return command;
}

type Operation = (a: ConfigValue, b: ConfigValue) => ConfigValue;

function operation(name: string, summary: string, apply: Operation): Command {
  return newCommand(name, summary)
    .argument('<a>', 'YAML file')
    .argument('<b>', 'YAML file')
    .option('--json', 'the result as JSON')
    .action(
      action(async (a: string, b: string, options: { json?: true }) => {
        const [below, above] = [await readSource(a), await readSource(b)];
        const result = apply(below.value, above.value);
        process.stdout.write(options.json ? `${configJson(result)}\n` : formatYaml(result));
        return exit.done;
      }),
    );
}
