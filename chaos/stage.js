import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../dist/io/processes/guarded-process.js';
import { lastingPorts } from './ports.js';
import { childOf, waitFor } from './processes.js';
import { Namespace } from './namespace.js';
import { Relay } from './relay.js';

const program = fileURLToPath(new URL('../bin/datenraffinerie.js', import.meta.url));
const runSeconds = 0.08;

/** Everything that a scan needs, as real processes: simulator, network, `up`; each can be killed and started again. */
export class Stage {
  /** Between daq worker and stand. */
  network;
  #processes = new Map();
  #ports = {};
  #log;

  /** @param {string} folder @param {string} mark stands in the environment of all processes */
  constructor(folder, mark) {
    this.folder = folder;
    this.mark = mark;
    mkdirSync(folder, { recursive: true });
    this.#log = createWriteStream(join(folder, 'processes.log'), { flags: 'a' });
    this.state = join(folder, 'state');
    this.environment = { ...process.env, DATENRAFFINERIE_CHAOS: mark, XDG_STATE_HOME: this.state };
    for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE']) delete this.environment[name];
  }

  /** Starts all. @returns where the stand's services are */
  async open() {
    const names = ['slowControl', 'daq', 'data', 'client', 'coordinator', 'temporal'];
    const ports = await lastingPorts(names.length);
    this.#ports = Object.fromEntries(names.map((name, n) => [name, ports[n]]));
    const { slowControl, daq, data, temporal } = this.#ports;
    this.network = Namespace.open() ?? (await Relay.open([slowControl, daq, data]));
    await this.startStand();
    await this.startUp();
    this.address = `127.0.0.1:${temporal}`;
    Object.assign(this.environment, { TEMPORAL_ADDRESS: this.address });
    return { host: this.network.host, slowControl, daq, data };
  }

  get daqPort() {
    return this.#ports.daq;
  }

  async startStand() {
    const ports = Object.entries(this.#ports).filter(([service]) => service !== 'temporal');
    const list = ports.map(([service, port]) => `${service}=${port}`);
    const words = ['simulate', '--host', this.network.standHost, '--ports', list.join(',')];
    await this.#start('stand', [...words, '--chips', '1', '--run-seconds', `${runSeconds}`], /^ready simulator /);
  }

  async startUp() {
    const words = ['up', '--port', `${this.#ports.temporal}`, '--data', join(this.folder, 'data')];
    await this.#start('up', words, /^ready temporal=/);
  }

  /** `datenraffinerie` with these words, to its end; `lines` gets what it prints on stderr. */
  async cli(name, words, lines = []) {
    const child = this.#spawn(name, words, (line) => lines.push(line));
    return (await child.ended).code;
  }

  /** pid of a part: `stand`, `up`, `server`, or a worker's role; undefined where it is dead at the moment. */
  pid(part) {
    if (part === 'stand' || part === 'up') return this.#processes.get(part)?.pid;
    const up = this.#processes.get('up')?.pid;
    const pattern = part === 'server' ? /server start-dev/ : new RegExp(`worker ${part}( |$)`);
    return up === undefined ? undefined : childOf(up, pattern)?.pid;
  }

  /** Resolves when a part that was killed has ended. */
  async ended(part) {
    await this.#processes.get(part)?.ended;
  }

  /** Stops all in order, as Ctrl-C does. */
  async close() {
    await this.#processes.get('up')?.stop(60_000);
    await this.#processes.get('stand')?.stop(5000);
    this.network.close();
    this.#log.end();
  }

  /** Again, as an init system would, where it was hit while it came up and ended. */
  async #start(name, words, ready) {
    for (let tries = 1; !(await this.#startOnce(name, words, ready)); tries++) {
      if (tries === 5) throw new Error(`${name} does not start: see ${this.folder}/processes.log`);
    }
  }

  /** @returns false where it ended by itself before it was ready */
  async #startOnce(name, words, ready) {
    let isReady = false;
    const child = this.#spawn(name, words, (line) => (isReady ||= ready.test(line)));
    this.#processes.set(name, child);
    let ending;
    void child.ended.then((how) => (ending = how));
    await waitFor(`${name} ready`, () => isReady || ending !== undefined, 120);
    return isReady || ending.signal !== null; // killed by the next event, which starts it again
  }

  #spawn(name, words, onLine) {
    const forward = (line) => {
      this.#log.write(`${new Date().toISOString()} ${name}: ${line}\n`);
      onLine(line);
    };
    if (!existsSync(program)) throw new Error(`${program} is missing`);
    const command = [process.execPath, [program, ...words]];
    const [file, args] = name === 'stand' ? this.network.wrap(...command) : command;
    return spawnGuarded(file, args, { env: this.environment, onLine: forward });
  }
}
