import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { root, temporaryFolder } from '../support/disk/folders.js';

let simulator: Simulator;
const network = join(temporaryFolder(), 'network.yaml');

beforeAll(async () => {
  simulator = await startSimulator({ chips: 1, runSeconds: 0.001, eventsPerMessage: 100, distinctEvents: 1024 });
  writeFileSync(network, simulator.stands[0].networkFile);
});

afterAll(() => simulator.close());

const outcomeSchema = z.object({ events: z.number(), bytes: z.number(), truncatedBytes: z.number(), peak: z.number() });

/** Takes a run in a process of its own, onto the disk. */
async function acquire(events: number): Promise<z.infer<typeof outcomeSchema>> {
  const script = join(root, 'test', 'support', 'disk', 'one-run.js');
  // a small young generation: else it grows with what passes through, from 16 to 48 MB, and stays there
  const words = ['--max-semi-space-size=1', script, temporaryFolder(), network, `${events}`];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return outcomeSchema.parse(JSON.parse(stdout));
}

test('a run of 1 000 000 events needs the memory of one of 1000', { timeout: 120_000 }, async () => {
  const short = await acquire(1000);
  const long = await acquire(1_000_000);
  expect(short).toMatchObject({ events: 1000, bytes: 45 + 1000 * 392, truncatedBytes: 0 });
  expect(long).toMatchObject({ events: 1_000_000, bytes: 45 + 1_000_000 * 392, truncatedBytes: 0 });
  expect(long.peak).toBeLessThan(1.2 * short.peak); // about 85 MB, of which most is Node; 392 MB have passed through
});
