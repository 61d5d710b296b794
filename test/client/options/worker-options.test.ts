import { delimiter, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analysisSetting, checkStandName, notifySetting } from '../../../src/client/options/worker-options.js';
import { temporaryFolder } from '../../support/disk/folders.js';

describe('where analyses are found', () => {
  it('is what the options say, made absolute, before what the environment says', () => {
    const environment = { DATENRAFFINERIE_ANALYSES: '/nonexistent', DATENRAFFINERIE_PYTHON: '/usr/bin/python3.11' };
    expect(analysisSetting({ analyses: ['.'], python: 'pypy3' }, environment)).toEqual({
      analyses: [resolve('.')],
      python: 'pypy3',
    });
  });

  it('is separated like PATH in the environment', () => {
    const folders = [temporaryFolder(), temporaryFolder()];
    const environment = { DATENRAFFINERIE_ANALYSES: folders.join(delimiter), DATENRAFFINERIE_PYTHON: '' };
    expect(analysisSetting({ analyses: [] }, environment)).toEqual({ analyses: folders, python: 'python3' });
  });

  it('must exist', () => {
    const missing = { DATENRAFFINERIE_ANALYSES: '/nonexistent/analyses' };
    expect(() => analysisSetting({ analyses: [] }, missing)).toThrow("'/nonexistent/analyses' does not exist");
  });
});

describe('the notification hook', () => {
  it('is what the option says, else what the environment says, else nothing', () => {
    const environment = { DATENRAFFINERIE_NOTIFY: 'mail -s scan lab@example.org' };
    expect(notifySetting({ notify: 'https://example.org/hook' }, environment)).toBe('https://example.org/hook');
    expect(notifySetting({}, environment)).toBe('mail -s scan lab@example.org');
    expect(notifySetting({}, {})).toBeUndefined();
    expect(notifySetting({}, { DATENRAFFINERIE_NOTIFY: ' ' })).toBeUndefined();
  });

  it.each(['http://', 'ftp://example.org/x'])('cannot be %s', (hook) => {
    expect(() => notifySetting({ notify: hook })).toThrow('neither a command nor an http(s) URL');
  });
});

describe('a notification hook with a secret', () => {
  it.each(['https://user:SECRET@example.org/x', 'ftp://example.org/?key=SECRET'])('does not show it: %s', (hook) => {
    expect(() => notifySetting({ notify: hook })).toThrow(/^(?!.*SECRET)/s);
  });
});

describe('names of stands', () => {
  it('are letters, digits and hyphens', () => {
    expect(checkStandName('hexaboard-17')).toBe('hexaboard-17');
    for (const name of ['', 'a b', 'a/b', 'ä', 'a_b']) expect(() => checkStandName(name)).toThrow('is no name');
  });
});
