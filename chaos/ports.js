import { freePort } from '../dist/io/temporal/free-port.js';

/**
 * Ports that are free, and below those that the system gives out by itself: what is killed must find its own again, and
 * not a connection of another program on it. Processes begin to look at different places.
 */
export async function lastingPorts(count) {
  const found = [];
  for (let port = 11_000 + (process.pid % 900) * 10; found.length < count; port++) {
    if ((await freePort(port)) !== undefined) found.push(port);
  }
  return found;
}
