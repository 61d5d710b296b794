import { serialize } from 'bson';
import { afterEach, describe, expect, test } from 'vitest';
import { ServiceWaits } from '../../../src/io/stand/link/service-waits.js';
import { encodeSlowControlReply } from '../../../src/domain/daq/slow-control.js';
import { CoordinatorDriver } from '../../../src/io/stand/coordinator/coordinator.js';
import { SlowControlClient } from '../../../src/io/stand/hexaboard/slow-control-client.js';
import { usualTimeouts } from '../../../src/io/stand/link/stand-timeouts.js';
import { TokenFile } from '../../../src/io/stand/coordinator/token-file.js';
import { Service } from '../../../src/simulator/sockets.js';
import { injectionState } from '../../support/stand/stand-fixtures.js';

const signal = new AbortController().signal;
const cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const act of cleanUp.splice(0).reverse()) await act();
});

/** A service that gives these replies, one after the other. */
async function serviceAnswering(...replies: (string | Uint8Array)[]): Promise<{ hostname: string; port: number }> {
  const service = new Service('127.0.0.1', async () => [replies.shift() ?? '']);
  cleanUp.push(() => service.close());
  return { hostname: '127.0.0.1', port: await service.listen(0) };
}

/** Rejects as writing a configuration does that a slow-control server answers with `errmsg`. */
async function writeRegisters(errmsg: string): Promise<void> {
  const address = await serviceAnswering(encodeSlowControlReply({ type: 'set', status: 'error', errmsg }));
  const client = new SlowControlClient({ service: 'slow-control server', ...address }, 5, new ServiceWaits());
  cleanUp.push(() => client.close());
  await client.set(injectionState(0), false, signal);
}

/** The same through a coordinator, which puts its words before the server's. */
async function initialize(errmsg: string): Promise<void> {
  const content = `During configuration of the ROCs an error ocurred: Server responded with error: ${errmsg}`;
  const lock = serialize({ type: 'lock', content: 'token' });
  const coordinator = await serviceAnswering(lock, serialize({ type: 'error', content }));
  const network = { kind: 'coordinator' as const, coordinator, readback: false, fullReadback: false };
  const driver = new CoordinatorDriver({
    network,
    timeouts: { ...usualTimeouts, run: 5 },
    token: new TokenFile(undefined),
  });
  cleanUp.push(() => driver.close());
  const state = injectionState(0);
  await driver.begin({ defaultState: state, state, runStartTdcProcedure: false }, signal);
}

describe.each([
  ['slow control', writeRegisters],
  ['the coordinator', initialize],
])('an error of %s', (_, send) => {
  test('ends the procedure where the configuration is refused', async () => {
    const refused = { type: 'RefusedError', message: expect.stringContaining('HighRang in 10 in ch in ROC roc_s0') };
    await expect(send('HighRang in 10 in ch in ROC roc_s0')).rejects.toMatchObject(refused);
  });

  test.each(['No such device or address', '[Errno 22] Invalid argument', '6 during write operation to roc_s0'])(
    'is a failure of the stand where the board is silent: %s',
    async (text) => {
      const failure = { type: 'StandError', message: expect.stringContaining(text) };
      await expect(send(text)).rejects.toMatchObject(failure);
    },
  );
});
