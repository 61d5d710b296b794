import { Argument, type Command } from 'commander';
import { jsonSchema, schemaNames, type SchemaName } from '../../domain/config/reading/json-schema.js';
import { action, exit, newCommand } from '../command.js';

/** `schema [KIND]`: JSON schema of a kind of file, for editors. */
export function build(): Command {
  return newCommand('schema', 'JSON schema of a main file, library, network file or chip configuration, for editors')
    .addArgument(new Argument('[kind]', 'kind of file').choices(schemaNames).default('main'))
    .action(
      action((kind: SchemaName) => {
        process.stdout.write(`${JSON.stringify(jsonSchema(kind), undefined, 2)}\n`);
        return Promise.resolve(exit.done);
      }),
    );
}
