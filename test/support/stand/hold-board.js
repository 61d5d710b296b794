// Locks the board of a slow-control server (arguments: hostname, port), tells its parent, and keeps it until it is killed.
import { BoardLock } from '../../../dist/io/stand/locks/board-lock.js';

const [hostname, port] = process.argv.slice(2);
await BoardLock.take({ hostname, port: Number(port) }, new globalThis.AbortController().signal);
process.send('locked');
process.on('disconnect', () => process.exit(1));
