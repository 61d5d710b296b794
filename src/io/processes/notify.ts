import { DatenraffinerieError } from '../../domain/errors.js';
import type { Notice } from '../../domain/scan/notice.js';
import { runUserCommand } from './user-command.js';

/**
 * Hands a notice as JSON to the hook: a URL gets it as the body of a POST, a command (run by the shell) on its stdin.
 * Throws `LinkError` where the hook fails or is not done in time; a command that is not is killed with its children.
 */
export async function notify(hook: string, notice: Notice, deadlineMs: number): Promise<void> {
  const text = `${JSON.stringify(notice)}\n`;
  if (/^https?:\/\//.test(hook)) await post(hook, text, deadlineMs);
  else await run(hook, text, deadlineMs);
}

async function post(url: string, body: string, deadlineMs: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(deadlineMs) });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`it answered ${answer.status} ${answer.statusText}`);
  } catch (cause) {
    // some of its messages repeat the URL, which may hold a key
    throw failed((cause instanceof Error ? cause.message : String(cause)).replaceAll(url, 'its URL'));
  }
}

/** Its output is this process' own. */
async function run(command: string, input: string, deadlineMs: number): Promise<void> {
  const environment = process.env; // whoever runs the worker has given both the hook and what it needs
  const { failure } = await runUserCommand(command, { input, inherit: true, environment, seconds: deadlineMs / 1000 });
  if (failure !== undefined) throw failed(failure);
}

function failed(why: string): DatenraffinerieError {
  return new DatenraffinerieError('LinkError', `the notification hook failed: ${why}`, {
    remedy: 'check DATENRAFFINERIE_NOTIFY or --notify of the workflow worker',
  });
}
