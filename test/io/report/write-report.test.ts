import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../../src/io/report/write-report.js';
import { browserPath, needsBrowser, noBrowser } from '../../support/tools/browser.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { scanOutput } from '../../support/disk/scan-output.js';

let path = '';
beforeAll(async () => {
  path = await writeReport(await scanOutput());
});

describe('the report', () => {
  it('needs nothing outside itself, and links to what lies beside it', () => {
    const text = readFileSync(path, 'utf8');
    const references = [...text.matchAll(/(?:src|<link[^>]*href)="([^"]*)"/g)].map((match) => match[1]);
    expect(references.length).toBeGreaterThan(1);
    expect(references.filter((target) => !/^data:image\/(svg\+xml|png);base64,/.test(target))).toEqual([]);
    const links = [...text.matchAll(/<a href="([^#"][^"]*)"/g)].map((match) => match[1]);
    expect(links).toContain('pedestal_scan.h5');
    expect(links.filter((target) => !existsSync(join(dirname(path), decodeURIComponent(target))))).toEqual([]);
    expect(text).not.toMatch(/<script|@import|url\(/);
  });

  it('of an empty folder is still a page', async () => {
    const empty = await writeReport(temporaryFolder());
    expect(readFileSync(empty, 'utf8')).toContain('none were made');
  });
});

describe.skipIf(noBrowser)(`the report in a real browser${needsBrowser}`, () => {
  let browser: Browser;
  let page: Page;
  const outside: string[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('request', (request) => void (/^(file|data):/.test(request.url()) || outside.push(request.url())));
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('pageerror', (error) => void complaints.push(error.message));
    await page.goto(pathToFileURL(path).href);
  });
  afterAll(() => browser?.close());

  it('opens from a file, asks no network, and shows every picture', async () => {
    const sizes = await page.evaluate<number[]>(`[...document.images].map((image) => image.naturalWidth)`);
    expect(sizes).toHaveLength(4); // the runs, and three plots of the calibration
    expect(Math.min(...sizes)).toBeGreaterThan(200);
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('tells stand, board, operator, runs, failures, verdict and provenance', async () => {
    await page.locator('summary', { hasText: 'with their sha256' }).click();
    const text = await page.evaluate<string>(`document.body.innerText`);
    for (const part of [
      'Scan night-7',
      'lab-2',
      'LD-V3-07',
      'Ada <ada@example.org>',
      '5, 5000 events, 5 MB',
      'chip 1 does not answer',
      '42 corrupt halves',
      'attempt 2',
      'pedestal trim [DAC steps]',
      '0, 12, 24, 36, 48, 60',
      'accept',
      'failed',
      'ValueError: <no beam> & no "data"',
      'c'.repeat(64),
    ]) {
      expect(text).toContain(part);
    }
  });

  it('keeps what is long folded away until it is asked for', async () => {
    const settings = page.locator('details', { hasText: 'Settings that differ' });
    expect(await settings.locator('pre').isVisible()).toBe(false);
    await settings.locator('summary').click();
    expect(await settings.locator('pre').innerText()).toContain('Inv_vref: 320');
    const csv = page.locator('details', { hasText: 'pedestal_calibration.csv' });
    await csv.locator('summary').click();
    expect(await csv.locator('tbody tr').count()).toBe(100);
    expect(await csv.locator('summary').innerText()).toContain('first 100 of 144 rows');
  });

  it('links to every procedure', async () => {
    for (const target of await page.evaluate<string[]>(`[...document.querySelectorAll('nav a')].map((a) => a.hash)`)) {
      expect(await page.locator(target).count(), target).toBe(1);
    }
  });

  it('fits the width of a phone and of paper', async () => {
    await page.setViewportSize({ width: 420, height: 800 });
    const widest = `Math.max(...[...document.querySelectorAll('img, dl, pre')].map((e) => e.getBoundingClientRect().right))`;
    expect(await page.evaluate<number>(widest)).toBeLessThanOrEqual(421);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(50_000);
  });
});
