import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StandDriver } from '../../../src/domain/daq/stand.js';
import { StandLock } from '../../../src/io/stand/locks/stand-lock.js';
import { StandSession, type StandUse } from '../../../src/io/stand/stand-session.js';
import { temporaryFolder } from '../../support/disk/folders.js';

const never = new AbortController().signal;
const scan = { key: 'scan', network: null, what: 'scan: pedestal' };
const other = { ...scan, key: 'other' };

describe('session of a stand', () => {
  let stands = '';
  let log: string[] = [];
  let opened: { closed: boolean }[] = [];
  let closing: () => Promise<void> = async () => undefined;

  beforeEach(() => {
    const state = temporaryFolder();
    vi.stubEnv('XDG_STATE_HOME', state);
    stands = join(state, 'datenraffinerie', 'stands');
    mkdirSync(stands, { recursive: true });
    log = [];
    opened = [];
    closing = async () => undefined;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  async function openDriver(): Promise<StandDriver> {
    const state = { closed: false };
    opened.push(state);
    return {
      kind: 'recorded',
      begin: async () => undefined,
      takeRun: async () => ({}),
      quiet: async () => undefined,
      close: async () => {
        state.closed = true;
        await closing();
      },
    };
  }

  function session(): StandSession {
    return new StandSession('s', { openDriver, attemptLives: async () => true, log: (text) => void log.push(text) });
  }

  async function isFree(): Promise<boolean> {
    const lock = await StandLock.take('s', 0);
    await lock?.release();
    return lock !== undefined;
  }

  /** What lies beside the lock can be neither written nor removed. */
  const spoilHolder = (): void => void mkdirSync(join(stands, 's.holder.json'));
  const mendHolder = (): void => rmSync(join(stands, 's.holder.json'), { recursive: true, force: true });

  const chunk = async (use: StandUse): Promise<string> => `state ${use.state === undefined ? 'unknown' : 'known'}`;
  const measured = async (use: StandUse): Promise<void> => {
    use.state = new Map();
  };

  it('keeps driver and state for the next chunk of a measurement, and for no other', async () => {
    const stand = session();
    await stand.run(scan, never, measured);
    expect(await isFree()).toBe(false);
    expect(await stand.run(scan, never, chunk)).toBe('state known');
    expect(await stand.run(other, never, chunk)).toBe('state unknown');
    expect(opened).toEqual([{ closed: true }, { closed: false }]);
    await stand.close();
    expect(await isFree()).toBe(true);
  });

  it('gives the lock up where nothing can be written beside it', async () => {
    const stand = session();
    spoilHolder();
    await expect(stand.run(scan, never, chunk)).rejects.toThrow(/EISDIR.*open/);
    mendHolder();
    expect(opened).toEqual([]);
    expect(await isFree()).toBe(true);
    expect(await stand.run(scan, never, chunk)).toBe('state unknown');
    await stand.close();
  });

  it('gives up what was kept for the next chunk where that cannot begin', async () => {
    const stand = session();
    await stand.run(scan, never, measured);
    mendHolder();
    spoilHolder();
    await expect(stand.run(scan, never, chunk)).rejects.toThrow(/EISDIR.*open/);
    mendHolder();
    expect(opened).toEqual([{ closed: true }]);
    expect(await isFree()).toBe(true);
  });

  it('tells what went wrong first, and gives the lock up, where the driver cannot be closed', async () => {
    const stand = session();
    closing = () => Promise.reject(new Error('no such folder'));
    const failing = stand.run(scan, never, () => Promise.reject(new Error('the run failed')));
    await expect(failing).rejects.toThrow('the run failed');
    expect(log).toEqual(['stand s: not closed well: no such folder']);
    expect(await isFree()).toBe(true);
    expect(await stand.run(scan, never, chunk)).toBe('state unknown');
    expect(opened).toHaveLength(2);
    await stand.quiet(scan, never);
    expect(await isFree()).toBe(true);
    await stand.close();
  });

  it('gives the lock up after two seconds without a chunk, whatever happens, but not within one', async () => {
    const stand = session();
    closing = () => Promise.reject(new Error('no such folder'));
    await stand.run(scan, never, measured);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await stand.run(scan, never, async () => {
      await vi.advanceTimersByTimeAsync(10_000);
      expect(opened).toEqual([{ closed: false }]);
    });
    await vi.advanceTimersByTimeAsync(1900);
    expect(opened).toEqual([{ closed: false }]);
    await vi.advanceTimersByTimeAsync(200);
    expect(opened).toEqual([{ closed: true }]);
    vi.useRealTimers();
    await stand.run(other, never, measured); // after the end: it is in turn
    expect(opened).toHaveLength(2);
    await stand.close();
    expect(await isFree()).toBe(true);
  });
});
