import { Argument, type Command } from 'commander';
import { DatenraffinerieError } from '../../domain/errors.js';
import { userName } from '../../io/user.js';
import { messages } from '../../workflows/names.js';
import { action, exit, newCommand } from '../command.js';
import { scanId, withClient } from '../scan/scans.js';
import { sendUpdate } from '../scan/send.js';

const verdicts = ['accept', 'reject'];

/** `datenraffinerie answer [ID] accept|reject`: what a human says to a calibration that waits for it. */
export function build(): Command {
  return newCommand('answer', 'accept or reject a calibration that waits for a human')
    .addArgument(new Argument('<words...>', '[ID] accept|reject').argParser(collect))
    .option('--procedure <name>', 'which calibration, where several wait')
    .option('--operator <text>', 'who says so (default: your user name)')
    .action(action(answer));
}

function collect(word: string, before: string[] | undefined): string[] {
  return [...(before ?? []), word];
}

interface Options {
  readonly procedure?: string;
  readonly operator?: string;
}

function answer(words: readonly string[], { procedure, operator = userName() }: Options): Promise<number> {
  const verdict = words.at(-1);
  if (words.length > 2 || verdict === undefined || !verdicts.includes(verdict)) {
    throw new DatenraffinerieError('ConfigError', `'${words.join(' ')}' is no answer`, {
      remedy: 'answer [ID] accept|reject',
    });
  }
  return withClient(async (client) => {
    const id = await scanId(client, words.length === 2 ? words[0] : undefined);
    const request = { verdict, operator, ...(procedure === undefined ? {} : { procedure }) };
    const answered = await sendUpdate<string>(client, id, messages.answer, request);
    process.stderr.write(`${answered}: ${verdict}\n`);
    return exit.done;
  });
}
