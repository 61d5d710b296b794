import { existsSync } from 'node:fs';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A real Chromium: DATENRAFFINERIE_TEST_BROWSER, else where packages of the system put one; undefined where none is. */
export const browserPath: string | undefined =
  process.env['DATENRAFFINERIE_TEST_BROWSER'] ?? usual.find((path) => existsSync(path));

export const noBrowser = browserPath === undefined;
export const needsBrowser = noBrowser ? ' (skipped: no Chromium; DATENRAFFINERIE_TEST_BROWSER may name one)' : '';
