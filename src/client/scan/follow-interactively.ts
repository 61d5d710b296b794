import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createInterface } from 'node:readline/promises';
import type { ScanResult } from '../../workflows/messages.js';
import { messages } from '../../workflows/names.js';
import { exit } from '../command.js';
import { onInterrupt } from '../interrupt.js';
import { scanFiles } from '../../domain/config/name.js';
import { followScan, type Look } from './follow.js';
import { summaryOf } from './scan-summary.js';

/**
 * Follows a scan to its end and prints where the results are. Ctrl-C asks what to do with it; where there is nobody to
 * ask it detaches: the scan goes on.
 */
export async function followInteractively(client: Client, id: string, look?: Look): Promise<number> {
  for (;;) {
    const stop = new AbortController();
    // at every one: what restores the terminal's cursor ends the process where it finds no other listener left
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

/** @returns an exit code, or undefined to go on following */
async function askWhatToDo(client: Client, id: string): Promise<number | undefined> {
  const detached = `\nthe scan goes on: 'datenraffinerie watch ${id}' shows it again\n`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    process.stderr.write(detached);
    return exit.interrupted;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question('\n[p]ause, [a]bort, [d]etach, or go on (Enter)? ', {
      signal: AbortSignal.timeout(60_000),
    });
    const handle = client.workflow.getHandle(id);
    if (answer.startsWith('p')) await handle.signal(messages.pause, {});
    if (answer.startsWith('a')) await handle.signal(messages.abort, {});
    if (!answer.startsWith('d')) return undefined;
  } catch {
    // Ctrl-C once more, or nobody there: the scan goes on by itself
  } finally {
    lines.close();
  }
  process.stderr.write(detached);
  return exit.interrupted;
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
