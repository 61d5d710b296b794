import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { ScanResult } from '../../workflows/messages.js';
import { messages } from '../../workflows/names.js';
import { exit } from '../command.js';
import { onInterrupt } from '../interrupt.js';
import { scanFiles } from '../../domain/config/name.js';
import { followScan, type Look } from './follow.js';
import { liveProgress } from './live-progress.js';
import { pressedKey } from './pressed-key.js';
import { summaryOf } from './scan-summary.js';

/** Whoever has gone for a coffee has not decided anything. */
const patienceMs = 60_000;

/**
 * Follows a scan to its end and prints where the results are. Ctrl-C asks what to do with it; where there is nobody to
 * ask it detaches: the scan goes on.
 */
export async function followInteractively(client: Client, id: string, look?: Look): Promise<number> {
  for (;;) {
    const stop = new AbortController();
    // at every one: a second Ctrl-C while the picture is being left must not end the process
    const stopListening = onInterrupt(() => stop.abort());
    try {
      const result = await followScan(client, id, stop.signal, look);
      if (result !== undefined) return await report(client, id, result);
    } finally {
      stopListening();
    }
    const code = await askWhatToDo(client, id);
    if (code !== undefined) return code;
  }
}

/** One key is enough. @returns an exit code, or undefined to go on following */
async function askWhatToDo(client: Client, id: string): Promise<number | undefined> {
  const detached = `\nthe scan goes on: 'datenraffinerie watch ${id}' shows it again\n`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    process.stderr.write(detached);
    return exit.interrupted;
  }
  const isPaused = (await liveProgress(client, id).catch(() => undefined))?.phase === 'paused';
  const first = isPaused ? '[r]esume' : '[p]ause';
  process.stderr.write(`\n${first}, [a]bort, [d]etach, or any other key to go on watching `);
  const key = await pressedKey(process.stdin, patienceMs);
  process.stderr.write('\n');
  if (key === undefined || key === 'd') {
    process.stderr.write(detached);
    return exit.interrupted;
  }
  const wish = wishes.find((each) => each.key === key && each.paused !== !isPaused);
  if (wish !== undefined) await send(client, id, wish);
  return undefined;
}

/** What a key asks for; `paused`: only of a scan that is paused, or only of one that is not. */
interface Wish {
  readonly key: string;
  readonly message: string;
  readonly paused?: boolean;
}

const wishes: readonly Wish[] = [
  { key: 'p', message: messages.pause, paused: false },
  { key: 'r', message: messages.resume, paused: true },
  { key: 'a', message: messages.abort },
];

async function send(client: Client, id: string, { message }: Wish): Promise<void> {
  try {
    await client.workflow.getHandle(id).signal(message, {});
  } catch {
    process.stderr.write('the scan was not told: it has ended, or the Temporal server does not answer\n');
  }
}

/** Where everything is. */
async function report(client: Client, id: string, result: ScanResult): Promise<number> {
  for (const { name, state, output } of result.procedures) process.stdout.write(`${name}  ${state}  ${output}\n`);
  if (result.fullCalibration !== null) process.stdout.write(`calibration  ${result.fullCalibration.path}\n`);
  const page = await reportPath(client, id).catch(() => undefined);
  if (page !== undefined) process.stdout.write(`report  ${page}\n`);
  return result.state === 'done' ? exit.done : exit.failed;
}

/** Of this computer: a scan may have run on another. */
async function reportPath(client: Client, id: string): Promise<string | undefined> {
  const { output } = await summaryOf(client, await client.workflow.getHandle(id).describe());
  const path = join(output, scanFiles.report);
  return output !== '' && existsSync(path) ? path : undefined;
}
