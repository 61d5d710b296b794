import type { ReadStream } from 'node:tty';

/** What Ctrl-C and Ctrl-D send to a terminal that hands every key on. */
const endings: ReadonlySet<string> = new Set(['\u0003', '\u0004']);

/** The next key, in lower case; undefined where nobody presses one in time, at Ctrl-C and at the end of the input. */
export function pressedKey(terminal: ReadStream, patienceMs: number): Promise<string | undefined> {
  const before = terminal.isRaw;
  terminal.setRawMode(true);
  terminal.resume();
  return new Promise((resolve) => {
    const finish = (key: string | undefined): void => {
      clearTimeout(timer);
      terminal.off('data', onData);
      terminal.off('end', onEnd);
      terminal.setRawMode(before);
      terminal.pause();
      resolve(key);
    };
    const onData = (data: Buffer): void => {
      const key = data.toString('utf8').charAt(0).toLowerCase();
      finish(endings.has(key) ? undefined : key);
    };
    const onEnd = (): void => finish(undefined);
    const timer = setTimeout(onEnd, patienceMs);
    terminal.on('data', onData);
    terminal.on('end', onEnd);
  });
}
