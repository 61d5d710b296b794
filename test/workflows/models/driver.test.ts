import { expect, test } from 'vitest';
import type { LeaseRequest, StandView } from '../../../src/workflows/messages.js';
import { loadWorkflows } from '../../support/driver/bundle.js';
import { settle } from '../../support/driver/moves.js';
import { World } from '../../support/driver/world.js';

const request: LeaseRequest = {
  ...{ holder: 'a/daq/p', firstRunId: 'r', scan: 'a', procedure: 'p' },
  ...{ priority: 3, urgent: false, scanStarted: 0, network: null, number: 1 },
};

test('a workflow in the driver hears signals, asks for activities, answers queries and is the same when replayed', async () => {
  const world = new World(await loadWorkflows());
  world.stubs.set('a/daq/p', { signals: [] });
  const stand = await world.start('stand/s', 'testStand', [{ stand: 's', release: '2.1' }]);
  world.signal('stand/s', 'requestLease', request);
  await settle(world, () => []);
  expect(world.stubs.get('a/daq/p')?.signals).toEqual([{ name: 'leaseGranted', parameters: [1] }]);
  expect(world.activities.map(({ type }) => type)).toEqual(['watchHolder']);
  await stand.run.replay();
  world.endActivity(world.activities[0], { label: 'ends', result: 'completed' });
  await settle(world, () => [{ label: 'quiet' }]);
  const view = (await stand.run.query('stand')) as StandView;
  expect([view.lease, view.history[0].end]).toEqual([null, 'its workflow completed']);
  await world.dispose();
});

test('a fault that is not in the bundle is refused', async () => {
  await expect(loadWorkflows([{ code: 'no such code', instead: '' }])).rejects.toThrow('occurs 0 times');
});
