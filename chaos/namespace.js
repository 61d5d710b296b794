import { execFileSync } from 'node:child_process';

/**
 * A network namespace for the stand, with a cable (a veth pair) to it that can be pulled. `hold` pulls it at the stand's
 * end: what is sent is lost and sent again by TCP. `cut` pulls it at ours and breaks the connections: there is no way to
 * the stand any more. Wants root on Linux.
 */
export class Namespace {
  description = 'a network namespace with a cable to it';
  #name;
  #ours;
  #theirs;

  /** @returns a namespace, or undefined where none can be made */
  static open() {
    const namespace = new Namespace(process.pid);
    try {
      namespace.#make();
      return namespace;
    } catch {
      namespace.close();
      return undefined;
    }
  }

  /** @param {number} number makes names and addresses differ from those of another that runs */
  constructor(number) {
    const net = `10.213.${number % 256}`;
    this.#name = `datenraffinerie-chaos-${number}`;
    [this.#ours, this.#theirs] = [`drc${number}a`, `drc${number}b`];
    this.ownHost = `${net}.1`;
    this.host = this.standHost = `${net}.2`;
  }

  #make() {
    ip('netns', 'add', this.#name);
    ip('link', 'add', this.#ours, 'type', 'veth', 'peer', 'name', this.#theirs, 'netns', this.#name);
    ip('address', 'add', `${this.ownHost}/24`, 'dev', this.#ours);
    this.#inside('address', 'add', `${this.standHost}/24`, 'dev', this.#theirs);
    this.free();
  }

  /** The command that runs another one as the stand. */
  wrap(command, words) {
    return ['ip', ['netns', 'exec', this.#name, command, ...words]];
  }

  hold() {
    this.#inside('link', 'set', this.#theirs, 'down');
  }

  cut() {
    ip('link', 'set', this.#ours, 'down');
    try {
      execFileSync('ss', ['--kill', 'dst', this.standHost], { stdio: 'ignore' });
    } catch {
      // not every kernel can: the connections break by their time-outs then
    }
  }

  free() {
    this.#inside('link', 'set', this.#theirs, 'up');
    ip('link', 'set', this.#ours, 'up');
  }

  /** With it goes its end of the cable, and so the cable. */
  close() {
    try {
      ip('netns', 'delete', this.#name);
    } catch {
      // it was never made, or is gone already
    }
  }

  #inside(...words) {
    ip('-netns', this.#name, ...words);
  }
}

function ip(...words) {
  execFileSync('ip', words, { stdio: 'ignore' });
}
