// Tries for the process lock at a path (argument) at the time that its parent sends, and tells what it got; gives the
// lock back when it is told `release`. At the next time it gives it back, too, and tries anew.
import { tryProcessLock } from '../../../dist/io/processes/process-lock.js';

const [path] = process.argv.slice(2);
let lock;

function release() {
  lock?.release();
  lock = undefined;
}

process.on('message', async (word) => {
  if (word === 'release') {
    release();
    return process.send('released');
  }
  while (Date.now() < word); // all at once: not when the scheduler thinks fit
  release();
  const got = await tryProcessLock(path);
  if ('release' in got) lock = got;
  process.send(lock === undefined ? got : 'got it');
});
process.on('disconnect', () => process.exit(1));
process.send('ready');
