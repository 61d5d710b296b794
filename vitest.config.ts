import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/tools/longest-first.js';

const shared = { pool: 'forks' as const, testTimeout: 120_000, hookTimeout: 900_000 };

export default defineConfig({
  test: {
    reporters: ['default', './scripts/test-summary.js'],
    sequence: { sequencer: LongestFirst },
    // `unit` runs on all cores, `end-to-end` after it: a file of that has a Temporal server, workers and sockets of its
    // own and waits for them for about a third of its time, so that three at a time are what keeps two cores busy
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/end-to-end/**'] } },
      {
        test: {
          ...shared,
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
