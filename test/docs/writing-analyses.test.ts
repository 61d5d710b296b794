import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as kit from '../../src/analyses/kit.js';
import { root } from '../support/disk/folders.js';
import { needsPython, noPython } from '../support/tools/python.js';
import { analysisBench, folderWith } from '../support/plans/run-analysis.js';

const guide = readFileSync(join(root, 'docs/writing-analyses.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map((match) => match[1]);

/** 24 rows, of which `noisy` have a deviation of 3 counts. */
const table = (noisy: number) => {
  const rows = Array.from({ length: 24 }, (_, i) => i);
  const adc_stdd = rows.map((i) => (i < noisy ? 3 : 1));
  return { chip: rows.map(() => 0), channel: rows, channeltype: rows.map(() => 0), adc_stdd };
};

describe('the TypeScript template of docs/writing-analyses.md', () => {
  it('runs as it stands there', async () => {
    const bench = await analysisBench(table(2));
    const folder = folderWith({ 'noisy_channels.ts': blocks('ts')[0] });
    const result = await bench.run({
      module: 'noisy_channels',
      folders: [folder],
      parameters: new Map([['limit', 2]]),
    });
    expect(result).toMatchObject({ undeclared: [], reused: false });
    expect(result.quality).toBeUndefined();
    expect(readFileSync(join(bench.outputDir, 'noisy.csv'), 'utf8')).toBe('chip,channel,noise\n0,0,3\n0,1,3\n');
    expect(readFileSync(join(bench.outputDir, 'noise.svg'), 'utf8')).toContain('noise [ADC counts]');
  });
});

describe.skipIf(noPython)(`the Python template of docs/writing-analyses.md${needsPython}`, () => {
  it('runs as it stands there', async () => {
    const bench = await analysisBench(table(12));
    const [init, code] = blocks('python');
    const folder = folderWith({ '__init__.py': init, 'noisy_channels.py': code });
    const result = await bench.run({ module: 'noisy_channels', folders: [folder] });
    expect(result.quality).toEqual({ verdict: 'reject', reason: '12 noisy channels' });
    const lines = readFileSync(join(bench.outputDir, 'noisy.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(13);
    expect(lines[1]).toBe('0.0,0.0,3.0');
  });
});

describe('docs/writing-analyses.md', () => {
  it('names helpers that exist', () => {
    const helpers = /building blocks[^\n]*/.exec(guide)?.[0].match(/`\w+`/g) ?? [];
    expect(helpers.length).toBeGreaterThan(6);
    for (const helper of helpers) expect(Object.keys(kit)).toContain(helper.slice(1, -1));
  });
});
