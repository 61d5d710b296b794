import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/tools/longest-first.js';

const shared = { pool: 'forks' as const, testTimeout: 120_000, hookTimeout: 900_000 };

/** Tests on a Temporal server; those of `test/workflows` itself have stub activities. */
const served = ['test/end-to-end/**/*.test.ts', 'test/workflows/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: './test/support/disk/sweep.ts',
    reporters: ['default', './scripts/test-summary.js'],
    sequence: { sequencer: LongestFirst },
    // `unit` runs on all cores (by itself vitest leaves one free, which is half of two), `end-to-end` after it: a file of
    // that has a Temporal server, workers and sockets of its own and waits for them for about a third of its time, so that
    // it takes three at a time to keep two cores busy
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: served, maxWorkers: '100%' } },
      {
        test: {
          ...shared,
          name: 'end-to-end',
          include: served,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
