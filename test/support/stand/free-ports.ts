import { createServer } from 'node:net';

/** The first of `count` ports of 127.0.0.1, in steps of 100 `boards` times, that are all free now. */
export async function freePortBlock(count: number, boards: number): Promise<number> {
  // below the ports that the system gives out; test processes begin at different places
  for (let first = 21_000 + (process.pid % 50) * 200; first < 32_000; first += 200) {
    const wanted = Array.from({ length: count * boards }, (_, n) => first + (n % count) + 100 * Math.floor(n / count));
    const free = await Promise.all(wanted.map(isFree));
    if (free.every(Boolean)) return first;
  }
  throw new Error('no free ports between 21000 and 32000');
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
