import { connect, createServer } from 'node:net';

const behind = '127.0.0.1';
/** Where the daq worker finds the stand: with the same ports, since `initialize` tells the stand its data port. */
const relayHost = '127.0.0.2';

/**
 * Stands between the daq worker and the stand's ports, so that the network between them can be cut without root.
 * `hold` keeps back all that is on its way until `free`, as TCP does when a cable is out for a while; `cut` breaks all
 * connections and refuses new ones until `free`.
 */
export class Relay {
  description = 'a relay (no network namespace can be made)';
  host = relayHost;
  standHost = behind;
  #servers = [];
  #pairs = new Set();
  #state = 'free';

  /** @param {number[]} ports */
  static async open(ports) {
    const relay = new Relay();
    for (const port of ports) relay.#servers.push(await listen(port, (front) => relay.#accept(front, port)));
    return relay;
  }

  /** The stand is on this computer. */
  wrap(command, words) {
    return [command, words];
  }

  hold() {
    this.#state = 'held';
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  cut() {
    this.#state = 'cut';
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  free() {
    this.#state = 'free';
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  close() {
    this.cut();
    for (const server of this.#servers) server.close();
  }

  #accept(front, port) {
    if (this.#state === 'cut') return void front.resetAndDestroy();
    const back = connect(port, behind);
    const pair = [front, back];
    this.#pairs.add(pair);
    forward(front, back);
    forward(back, front);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // either end may die: that is what this is for
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const one of pair) one.destroy();
      });
    }
    if (this.#state === 'held') for (const socket of pair) socket.pause();
  }
}

/** By hand: `pipe` would resume a socket that is held. */
function forward(from, to) {
  from.on('data', (bytes) => to.writable && to.write(bytes));
}

function listen(port, accept) {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(port, relayHost, () => resolve(server));
  });
}
