import { parentPort } from 'node:worker_threads';
import { storeError, type ThreadReply, type ThreadTask } from './thread-messages.js';

const port = parentPort;
if (port === null) throw new Error('this module is the entry of a worker thread');
const reply = (message: ThreadReply): void => port.postMessage(message);

port.on('message', (task: ThreadTask) => {
  run(task).catch((error: unknown) => reply({ kind: 'error', error: storeError(error) }));
});

async function run(task: ThreadTask): Promise<void> {
  const module: Readonly<Record<string, unknown>> = await import(task.module);
  const callee = module[task.function];
  if (typeof callee !== 'function') throw new Error(`${task.module} exports no function ${task.function}`);
  const value: unknown = await callee(task.input, (progress: unknown) => reply({ kind: 'progress', value: progress }));
  reply({ kind: 'result', value });
}
