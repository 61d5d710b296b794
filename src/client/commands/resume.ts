import { resolve } from 'node:path';
import { messages } from '../../workflows/names.js';
import { signalCommand } from '../scan/send.js';

/** `datenraffinerie resume`: goes on with a paused scan. */
export function build(): ReturnType<typeof signalCommand> {
  const command = signalCommand(messages.resume, 'go on with a paused scan', ({ network }) =>
    typeof network === 'string' ? { network: resolve(network) } : {},
  );
  return command.option(
    '--network <file>',
    'reach the stand as this network file says: for an address that has changed',
  );
}
