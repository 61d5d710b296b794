import { createServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Notice } from '../../src/domain/scan/notice.js';
import { encodeRun } from '../../src/domain/hgcroc/encode.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { waitUntil } from '../support/tools/processes.js';
import { startUp, type Up } from '../support/temporal/up.js';

// What people are told while a scan runs, through the hook that `up --notify` is given: here a URL and a command.
const analyses = temporaryFolder();
const heard: Notice[] = [];
const hook = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => (text += part));
  request.on('end', () => {
    heard.push(JSON.parse(text) as Notice); // what our own hook sends
    response.writeHead(204).end();
  });
});
let up: Up;

const askFirst = `
export class AskFirst {
  output() { return { calibration: 'calibration.yaml' }; }
  async run(tables, context) {
    await context.calibration('calibration.yaml', new Map());
    return { verdict: 'ask', reason: 'the threshold moved', timeout: 600, default: 'reject' };
  }
}
export { AskFirst as ask_first };
`;

beforeAll(async () => {
  writeFileSync(join(analyses, 'index.mjs'), askFirst);
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const address = hook.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  up = await startUp({ args: ['--analyses', analyses, '--notify', `http://127.0.0.1:${address.port}/`] });
});

afterAll(async () => {
  await up.stop();
  hook.close();
});

async function writeScan(seed: number, more: (main: string) => string = (main) => main): Promise<RecordedScan> {
  const scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed, events: 20, phases: 1 });
  writeFileSync(scan.main, more(readFileSync(scan.main, 'utf8')));
  return scan;
}

function words(id: string, scan: RecordedScan, ...procedures: string[]): string[] {
  const output = join(temporaryFolder(), 'out');
  return ['run', scan.main, ...procedures, '--network', scan.network, '--output', output, '--id', id];
}

const events = (id: string) => heard.filter(({ scan }) => scan === id).map(({ event }) => event);

test('the end of a scan', async () => {
  const scan = await writeScan(1);
  expect((await runCli(words('ends', scan, 'injection_scan'), { env: up.environment })).code).toBe(0);
  expect(events('ends')).toEqual(['done']);
});

test('a run that is left out, and a scan that fails since no more may be', async () => {
  const scan = await writeScan(2, (main) => main.replace('    mode: summary', '    mode: summary\n    min_events: 10'));
  writeFileSync(join(scan.main, '..', 'recorded', 'test_run_3.raw'), encodeRun([], { layout: 'split' }));
  const { code } = await runCli(words('short', scan, 'injection_scan'), { env: up.environment });
  expect(code).toBe(0);
  expect(events('short')).toEqual(['quarantined', 'done']);
  const strict = [...words('strict', scan, 'injection_scan'), '--max-failed-runs', '0'];
  expect((await runCli(strict, { env: up.environment })).code).toBe(1);
  expect(events('strict').at(-1)).toBe('failed');
  expect(heard.at(-1)?.message).toContain('run 2');
});

test('a calibration that a human is to look at, and the end of an aborted scan', async () => {
  const procedure = '  - {name: ask_first, type: analysis, daq: injection_scan, provides_calibration: true}\n';
  const scan = await writeScan(3, (main) => main + procedure);
  const running = startCli(words('asks', scan, 'ask_first'), { env: up.environment });
  const asks = await waitUntil('the question', () => heard.find(({ event }) => event === 'asks'));
  expect(asks).toMatchObject({ scan: 'asks', procedure: 'ask_first' });
  expect(asks.message).toContain('the threshold moved');
  await runCli(['abort', 'asks'], { env: up.environment });
  await running.ended;
  await waitUntil('the end', () => events('asks').find((event) => event === 'aborted'));
});

test('a command gets the same', async () => {
  const file = join(temporaryFolder(), 'notices.jsonl');
  const other = await startUp({ args: ['--notify', `cat >> ${file}`] });
  const scan = await writeScan(4);
  await runCli(words('told', scan, 'injection_scan'), { env: other.environment });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ event: 'done', scan: 'told', stand: 'local' });
  await other.stop();
});
