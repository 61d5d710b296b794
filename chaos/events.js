import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interventions } from './interventions.js';
import { signalProcess, waitFor } from './processes.js';

/**
 * What can happen: `weight` says how often, `measuresAgain` whether runs in hand may be lost by it. `act` resolves when
 * it is over, to what is to be said about it.
 */
export function eventKinds({ diskFolder }) {
  const workers = ['workflow', 'daq', 'processing', 'analysis'];
  return [
    ...workers.map((part) => killWith9(part, part === 'daq' ? 4 : 2, part === 'daq')),
    killWith9('server', 2, false),
    { name: 'kill -9 stand', weight: 3, measuresAgain: true, act: (stage) => killAndStart(stage, 'stand') },
    { name: 'kill -9 up', weight: 2, measuresAgain: true, act: (stage) => killAndStart(stage, 'up') },
    ...workers.map((part) => stopFor(part, part === 'daq' ? 2 : 0.7, part === 'daq')),
    stopFor('server', 0.7, true),
    network('hold', 1.5),
    network('cut', 1.5),
    ...(diskFolder === undefined ? [] : [fillDisk(diskFolder)]),
    ...interventions(),
  ];
}

/** `up` starts it again. */
function killWith9(part, weight, measuresAgain) {
  const act = async (stage) => {
    const pid = await living(stage, part);
    return signalProcess(pid, 'SIGKILL') ? `pid ${pid}` : 'it was dead already';
  };
  return { name: `kill -9 ${part}`, weight, measuresAgain, act };
}

/** What was killed a moment ago must be there before it can die again. */
function living(stage, part) {
  return waitFor(`${part} to be there`, () => stage.pid(part), 60);
}

async function killAndStart(stage, part) {
  const pid = stage.pid(part);
  if (pid !== undefined) signalProcess(pid, 'SIGKILL');
  await stage.ended(part);
  const begin = Date.now();
  await (part === 'up' ? stage.startUp() : stage.startStand());
  return `pid ${pid}, back after ${((Date.now() - begin) / 1000).toFixed(1)} s`;
}

/** Half of the time longer than heartbeats are waited for, sometimes longer than the watchdog waits. */
function stopFor(part, weight, measuresAgain) {
  const act = async (stage, random) => {
    const seconds = random.between(1, 14);
    const pid = await living(stage, part);
    if (!signalProcess(pid, 'SIGSTOP')) return 'it was dead already';
    await delay(1000 * seconds);
    const woken = signalProcess(pid, 'SIGCONT');
    return `pid ${pid}, ${seconds.toFixed(1)} s${woken ? '' : ', killed meanwhile'}`;
  };
  return { name: `stop ${part}`, weight, measuresAgain, act };
}

function network(how, weight) {
  const act = async (stage, random) => {
    const seconds = random.between(0.5, 5);
    stage.network[how]();
    await delay(1000 * seconds);
    stage.network.free();
    return `${seconds.toFixed(1)} s`;
  };
  return { name: `${how} network`, weight, measuresAgain: true, act };
}

function fillDisk(folder) {
  const act = async (_, random) => {
    const seconds = random.between(0.5, 4);
    const filler = join(folder, 'filler');
    const { bavail, bsize } = statfsSync(folder);
    writeUntilFull(filler, bavail * bsize);
    await delay(1000 * seconds);
    rmSync(filler, { force: true });
    return `${seconds.toFixed(1)} s`;
  };
  return { name: 'fill disk', weight: 1.5, measuresAgain: true, act };
}

/** Others write at the same time: what is left may be less than it was. */
function writeUntilFull(file, bytes) {
  try {
    writeFileSync(file, Buffer.alloc(bytes));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
}
