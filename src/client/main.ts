import { exit } from './command.js';
import { commit, software } from '../io/software.js';
import { commands } from './commands.js';
import { reportError } from './report-error.js';
import { guardOutput } from './text/guard-output.js';
import { textTable } from './text/text-table.js';

/** Entry of the command line: finds the command, loads its module, runs it, sets the exit code. */
async function main(argv: readonly string[]): Promise<void> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help());
    process.exitCode = name === undefined ? exit.usage : exit.done;
    return;
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${software}${commit === undefined ? '' : ` (commit ${commit})`}\n`);
    return;
  }
  const entry = commands.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    process.stderr.write(`unknown command '${name}'\n\n${help()}`);
    process.exitCode = exit.usage;
    return;
  }
  try {
    const module = await entry.load();
    await module.build().parseAsync(rest, { from: 'user' });
  } catch (error) {
    process.exitCode = reportError(error, (text) => process.stderr.write(`datenraffinerie ${name}: ${text}`));
  }
}

function help(): string {
  const rows = commands.map(({ name, summary }) => [name, summary]);
  const lines = textTable(['', ''], rows, { indent: '  ' });
  return ['Usage: datenraffinerie COMMAND …', '', ...lines, '', 'datenraffinerie COMMAND --help says more.', ''].join(
    '\n',
  );
}

/**
 * Ends the process with what is printed gone out. A command that has returned is over: calls of its connections that
 * are tried again, and throw where these are closed, have no listener any more.
 */
async function leave(): Promise<never> {
  const flush = (stream: NodeJS.WriteStream) =>
    new Promise<void>((resolve) => {
      if (stream.destroyed) resolve();
      else stream.write('', () => resolve());
    });
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  process.exit();
}

/** What these do goes on, whether or not anybody reads of it. */
const unheard: readonly (string | undefined)[] = ['demo', 'run', 'simulate', 'up', 'worker'];

/** `… | head` has seen enough: the others end at once and quietly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (!unheard.includes(process.argv[2])) process.exit();
});
guardOutput();
await main(process.argv.slice(2));
await leave();
