// npm run chaos -- --kills N --seed S [--keep DIR]: a scan on the simulator while its parts are killed, stopped and cut
// off at random; in the end everything must be as if nothing had happened. Exits with 1 and says what is wrong.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { checkBoard, checkData, checkLeftBehind, measured } from './checks.js';
import { mountDisk } from './disk.js';
import { eventKinds } from './events.js';
import { processesWith, signalProcess, waitFor } from './processes.js';
import { Random } from './random.js';
import { writeScan } from './scan-files.js';
import { Stage } from './stage.js';
import { folderPrefix, keptName, sweep } from './sweep.js';

/** Enough that the scan outlasts its events, also where a few long ones come one after the other. */
const runsPerEvent = 10;
/** How long nothing new may be measured, in seconds: more than any outage and all time-outs after it. */
const patience = 120;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const begin = Date.now();
const say = (text) => console.log(`${((Date.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${text}`);

sweep(say);
const folder = values.keep === undefined ? mkdtempSync(join(tmpdir(), folderPrefix)) : resolve(values.keep);
const disk = mountDisk(join(folder, 'disk'), 128);
if (disk === undefined) say('left out: fill disk (mounting a small one is not allowed)');
const stage = new Stage(folder, `chaos-${process.pid}-${begin}`);
const wrong = [];
try {
  await play();
} catch (error) {
  wrong.push(error.message);
} finally {
  for (const { pid } of processesWith(stage.mark) ?? []) signalProcess(pid, 'SIGKILL');
  stage.network?.close();
  const away = values.keep === undefined && wrong.length === 0;
  if (disk !== undefined && !away) cpSync(disk.folder, join(folder, 'kept-disk'), { recursive: true });
  disk?.release();
}
for (const text of wrong) say(`WRONG: ${text}`);
if (values.keep === undefined && wrong.length === 0) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
else {
  writeFileSync(join(folder, keptName), '');
  say(`kept: ${folder}`);
}
process.exit(wrong.length === 0 ? 0 : 1);

async function play() {
  const stand = await stage.open();
  say(`network to the stand: ${stage.network.description}`);
  const scan = writeScan(join(folder, 'scan'), Math.max(24, runsPerEvent * kills), stand);
  const [reference, output] = [join(folder, 'reference'), join(disk?.folder ?? folder, 'out')];
  mkdirSync(folder, { recursive: true });
  await runScan({ ...scan, output: reference, id: 'reference' });
  say(`undisturbed scan: ${scan.runs} runs, done`);
  const start = Date.now();
  const copyOfNetwork = join(folder, 'network-of-second.yaml');
  cpSync(scan.network, copyOfNetwork);
  stage.scan = { ...scan, output, id: 'chaos-1', felled: false, copyOfNetwork };
  const scanning = runToItsEnd(readFileSync(scan.network, 'utf8'));
  const happened = [];
  let ended = false;
  scanning.then(
    () => (ended = true),
    () => (ended = true),
  );
  await disturb(output, scan.runs, happened, () => ended);
  if (happened.length < kills) wrong.push(`the scan ended after ${happened.length} events`);
  await scanning;
  const seconds = (Date.now() - start) / 1000;
  const linesAllowed = 2 * happened.filter(({ measuresAgain }) => measuresAgain).length;
  const data = checkData({ output, reference, runs: scan.runs, linesAllowed });
  wrong.push(...data.wrong, ...(await checkBoard(stage)));
  await stage.close();
  await delay(500);
  wrong.push(...checkLeftBehind(stage));
  say(`${kills} events, ${scan.runs} runs, ${data.twice} measured twice, ${seconds.toFixed(0)} s, seed ${seed}`);
}

/** A scan that was ended from outside is started again, as people would; its folder may not be free at once. */
async function runToItsEnd(network) {
  for (let number = 1; ; number++) {
    stage.scan.id = `chaos-${number}`;
    stage.scan.felled = false;
    try {
      return await runScan(stage.scan);
    } catch (error) {
      if (!stage.scan.felled && !/is writing into|still writes|writing into/.test(error.message)) throw error;
      say(`again: ${error.message.slice(0, 160)}`);
      writeFileSync(stage.scan.network, network); // whoever edited it has finished
      await delay(1000);
    }
  }
}

/** The real `run`; attaches again if it loses the server for longer than it is patient. */
async function runScan({ id, output, ...scan }) {
  const words = [
    'run',
    scan.main,
    ...scan.procedures,
    '--network',
    scan.network,
    '--output',
    output,
    '--id',
    id,
    '--wait',
  ];
  const lines = (stage.said = []);
  const code = await stage.cli(`run ${id}`, words, lines);
  if (code !== 0) throw new Error(`the scan '${id}' ended with exit code ${code}: ${lines.slice(-3).join(' | ')}`);
}

/** Lets the events happen, spread over the scan; a third of them strike while the one before is not yet over. */
async function disturb(output, runs, happened, ended) {
  const random = new Random(seed);
  const kinds = eventKinds({ diskFolder: disk?.folder });
  let pending = Promise.resolve();
  await untilMeasured(output, 1, ended); // a scan that finds a worker missing before it begins is refused, as it should
  for (let event = 0; event < kills; event++) {
    const kind = random.choose(kinds);
    const threshold = (0.9 * (event + random.next()) * runs) / kills;
    const alone = random.next() < 0.67;
    await delay(random.between(0, alone ? 500 : 2000));
    if (alone) await pending;
    if (alone) await untilMeasured(output, threshold, ended);
    if (ended()) break;
    const number = `${event + 1}/${kills}`.padStart(7);
    const at = measured(output);
    const acting = kind.act(stage, random).then((text) => say(`${number} at run ${at}: ${kind.name} (${text})`));
    pending = Promise.all([pending, acting]);
    pending.catch(() => undefined); // thrown where it is awaited
    happened.push(kind);
  }
  await pending;
}

async function untilMeasured(output, threshold, ended) {
  await waitFor(`run ${Math.ceil(threshold)} of the scan`, () => ended() || measured(output) >= threshold, patience);
}
