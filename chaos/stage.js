import { createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../dist/io/processes/guarded-process.js';
import { findTemporalCli } from '../dist/io/temporal/cli.js';
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
  #cli;
  /** The scan that is disturbed: files, output, id; `felled` where it was ended from outside. */
  scan = {};
  /** What its `run` has said so far. */
  said = [];

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
    const names = ['slowControl', 'daq', 'data', 'client', 'coordinator', 'temporal', 'second'];
    const ports = await lastingPorts(names.length);
    this.#ports = Object.fromEntries(names.map((name, n) => [name, ports[n]]));
    const { slowControl, daq, data, temporal } = this.#ports;
    this.network = Namespace.open() ?? (await Relay.open([slowControl, daq, data]));
    await this.startStand();
    await this.startUp();
    await this.startSecond();
    this.address = `127.0.0.1:${temporal}`;
    Object.assign(this.environment, { TEMPORAL_ADDRESS: this.address });
    return { host: this.network.host, slowControl, daq, data };
  }

  get daqPort() {
    return this.#ports.daq;
  }

  async startStand() {
    const ports = Object.entries(this.#ports).filter(([service]) => service !== 'temporal' && service !== 'second');
    const list = ports.map(([service, port]) => `${service}=${port}`);
    const words = ['simulate', '--host', this.network.standHost, '--ports', list.join(',')];
    await this.#start('stand', [...words, '--chips', '1', '--run-seconds', `${runSeconds}`], /^ready simulator /);
  }

  async startUp() {
    const words = ['up', '--port', `${this.#ports.temporal}`, '--data', join(this.folder, 'data')];
    await this.#start('up', words, /^ready temporal=/);
  }

  /** Another server with workers, as of another user: it knows nothing of the first one but the folder. */
  async startSecond() {
    const state = join(this.folder, 'second-state');
    this.second = { environment: { ...this.environment, XDG_STATE_HOME: state } };
    const words = ['up', '--port', `${this.#ports.second}`, '--data', join(this.folder, 'second-data')];
    await this.#start('second up', words, /^ready temporal=/, this.second.environment);
    Object.assign(this.second.environment, { TEMPORAL_ADDRESS: `127.0.0.1:${this.#ports.second}` });
  }

  /** `datenraffinerie` with these words, to its end; `lines` gets what it prints on stderr. */
  async cli(name, words, lines = [], environment = this.environment) {
    const child = this.#spawn(name, words, (line) => lines.push(line), environment);
    return (await child.ended).code;
  }

  /** Temporal's own command line, on the first server. */
  async temporal(words, onLine = () => undefined) {
    this.#cli ??= await findTemporalCli({ log: () => undefined });
    const child = spawnGuarded(this.#cli, [...words, '--address', this.address], {
      env: this.environment,
      onLine,
      onErrorLine: () => undefined,
    });
    return (await child.ended).code;
  }

  /** Id of the workflow of a procedure of the scan that runs now, if one does. */
  async runningProcedure() {
    const lines = [];
    const query = `ExecutionStatus='Running' AND WorkflowType IN ('well', 'distillery')`;
    await this.temporal(['workflow', 'list', '--query', query, '--output', 'jsonl'], (line) => lines.push(line));
    const ids = lines.flatMap((line) => /"workflowId":"([^"]+)"/.exec(line)?.[1] ?? []);
    return ids.find((id) => id.startsWith(`${this.scan.id}/`));
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
    await Promise.all(['up', 'second up'].map((name) => this.#processes.get(name)?.stop(60_000)));
    await this.#processes.get('stand')?.stop(5000);
    this.network.close();
    this.#log.end();
  }

  /** Again, as an init system would, where it was hit while it came up and ended. */
  async #start(name, words, ready, environment = this.environment) {
    for (let tries = 1; !(await this.#startOnce(name, words, ready, environment)); tries++) {
      if (tries === 5) throw new Error(`${name} does not start: see ${this.folder}/processes.log`);
    }
  }

  /** @returns false where it ended by itself before it was ready */
  async #startOnce(name, words, ready, environment) {
    let isReady = false;
    const child = this.#spawn(name, words, (line) => (isReady ||= ready.test(line)), environment);
    this.#processes.set(name, child);
    let ending;
    void child.ended.then((how) => (ending = how));
    await waitFor(`${name} ready`, () => isReady || ending !== undefined, 120);
    return isReady || ending.signal !== null; // killed by the next event, which starts it again
  }

  #spawn(name, words, onLine, environment) {
    const forward = (line) => {
      this.#log.write(`${new Date().toISOString()} ${name}: ${line}\n`);
      onLine(line);
    };
    if (!existsSync(program)) throw new Error(`${program} is missing`);
    const command = [process.execPath, [program, ...words]];
    const [file, args] = name === 'stand' ? this.network.wrap(...command) : command;
    return spawnGuarded(file, args, { env: environment, onLine: forward });
  }
}
