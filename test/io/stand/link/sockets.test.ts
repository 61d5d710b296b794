import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { Push, Reply } from 'zeromq';
import { ServiceWaits } from '../../../../src/io/stand/link/service-waits.js';
import { dataLimit, PullChannel, RequestChannel } from '../../../../src/io/stand/link/sockets.js';

// Services that do not keep to the protocol: real sockets.
const opened: { close(): void }[] = [];
const { signal } = new AbortController();

afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

async function bound<S extends Push | Reply>(socket: S): Promise<{ socket: S; port: number }> {
  opened.push(socket);
  await socket.bind('tcp://127.0.0.1:*');
  return { socket, port: Number(/:(\d+)$/.exec(socket.lastEndpoint ?? '')?.[1]) };
}

function pull(port: number): PullChannel {
  const channel = new PullChannel({ service: 'data stream', hostname: '127.0.0.1', port }, new ServiceWaits());
  opened.push(channel);
  return channel;
}

test('a stream that another program feeds is an error with its reason, not waited out', async () => {
  const { socket, port } = await bound(new Push({ linger: 0, sendHighWaterMark: 4 }));
  const data = pull(port);
  let drips = true;
  const dripping = (async () => {
    for (; drips; await delay(20)) await socket.send('x').catch(() => undefined);
  })();
  await expect(data.drain(0.1, { seconds: 0.5, signal })).rejects.toMatchObject({
    type: 'LinkError',
    message: expect.stringContaining('data came for 0.5 s, though no run was started'),
    remedy: expect.stringContaining('another program'),
  });
  drips = false;
  await dripping;
  await data.drain(0.1, { seconds: 0.5, signal }); // silent now
});

test('a message beyond all measure of the stream ends the connection and is not taken', async () => {
  const { socket, port } = await bound(new Push({ linger: 0 }));
  const data = pull(port);
  await data.connected({ seconds: 5, signal });
  await socket.send('small');
  expect((await data.receive({ seconds: 5, signal }))?.length).toBe(5);
  await socket.send(Buffer.alloc(dataLimit + 1));
  expect(await data.receive({ seconds: 2, signal })).toBeUndefined();
  expect(data.losses).toBe(1);
});

test('a reply beyond all measure is an error that says so', async () => {
  const { socket, port } = await bound(new Reply({ linger: 0 }));
  const channel = new RequestChannel(
    { service: 'slow-control server', hostname: '127.0.0.1', port },
    new ServiceWaits(),
  );
  opened.push(channel);
  const answering = socket.receive().then(() => socket.send(Buffer.alloc(17 * 1024 * 1024)));
  await expect(channel.request(['read'], { seconds: 10, signal })).rejects.toMatchObject({
    type: 'LinkError',
    message: expect.stringMatching(/slow-control server at 127\.0\.0\.1:\d+: closed .* more than 16(\.\d)? M/),
  });
  await answering;
});
