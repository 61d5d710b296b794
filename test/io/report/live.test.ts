import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packRow } from '../../../src/io/hdf5/pack-row.js';
import { PartWriter } from '../../../src/io/process/part-writer.js';
import { startLiveServer, type LiveServer } from '../../../src/io/report/live-server.js';
import { partPoints } from '../../../src/io/report/part-points.js';
import { writeReportApart } from '../../../src/io/report/report-apart.js';
import { scanOutput } from '../../support/disk/scan-output.js';

const schema = {
  columns: [
    { name: 'chip', type: 'u32' },
    { name: 'channeltype', type: 'i16' },
    { name: 'adc_mean', type: 'f32' },
  ],
} as const;

/** Two chips with three channels each; a common-mode row that must not count. */
function writePart(folder: string, run: number): void {
  mkdirSync(join(folder, 'parts'), { recursive: true });
  const rows = [0, 1].flatMap((chip) => [
    ...[100, 110, 120].map((adc) => packRow(schema, [chip, 0, adc + 50 * chip + run])),
    packRow(schema, [chip, 100, 900]),
  ]);
  const writer = new PartWriter(join(folder, 'parts', `run_0000${run}.part`), 'test');
  writer.write(Buffer.concat(rows));
  const facts = { events: 1, chips: [0, 1], truncatedBytes: 0, corruptHalves: 0, warnings: [], rawBytes: 1 };
  writer.commit({ key: 'k', schema, rows: rows.length, sha256: 'a'.repeat(64), ...facts });
}

let output = '';
let server: LiveServer;
beforeAll(async () => {
  output = await scanOutput();
  server = await startLiveServer(output);
});
afterAll(() => server.close());
const page = async (path = ''): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${server.url}${path}`);
  return { status: response.status, text: await response.text() };
};

describe('the live page', () => {
  it('takes mean and extremes of the channels from a part', () => {
    const folder = join(output, 'pedestal_scan');
    writePart(folder, 0);
    expect(partPoints(join(folder, 'parts', 'run_00000.part'))).toEqual([
      { chip: 0, mean: 110, low: 100, high: 120 },
      { chip: 1, mean: 160, low: 150, high: 170 },
    ]);
  });

  it('grows with the scan', async () => {
    const folder = join(output, 'pedestal_scan');
    const before = await page();
    expect(before.text).toContain('5 of 6 runs measured, 1 processed');
    expect(before.text).toContain('http-equiv="refresh" content="5"');
    expect(before.text).toContain('42 corrupt halves');
    const [line] = readFileSync(join(folder, 'manifest.jsonl'), 'utf8').split('\n');
    appendFileSync(join(folder, 'manifest.jsonl'), `${line.replace('"run":0', '"run":5')}\n`);
    writePart(folder, 1);
    const after = await page();
    expect(after.text).toContain('6 of 6 runs measured, 2 processed');
    const picture = (text: string): string => /src="data:image\/svg\+xml;base64,([^"]*)"/.exec(text)?.[1] ?? '';
    expect(Buffer.from(picture(after.text), 'base64').toString()).toContain('pedestal trim [DAC steps]');
    expect(picture(after.text)).not.toBe(picture(before.text));
  });

  it('serves the report once there is one, and nothing else', async () => {
    expect((await page('report.html')).status).toBe(404);
    await writeReportApart(output, new AbortController().signal);
    expect((await page('report.html')).text).toContain('Scan night-7');
    expect((await page('pedestal_scan.h5')).status).toBe(404);
    expect((await page('../../etc/passwd')).status).toBe(404);
  });

  it('says when its port is taken', async () => {
    await expect(startLiveServer(output, { port: Number(new URL(server.url).port) })).rejects.toMatchObject({
      type: 'BusyError',
    });
  });
});

describe('a report in a process of its own', () => {
  it('tells why it could not be written', async () => {
    const missing = join(output, 'nowhere', 'at-all');
    await expect(writeReportApart(missing, new AbortController().signal)).rejects.toThrow(/no report of .*ENOENT/);
  });

  it('ends when it is cancelled', async () => {
    const stop = new AbortController();
    stop.abort(new Error('cancelled by test'));
    await expect(writeReportApart(output, stop.signal)).rejects.toThrow('cancelled by test');
  });
});
