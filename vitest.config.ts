import { defineConfig } from 'vitest/config';

const shared = { pool: 'forks' as const, testTimeout: 120_000, hookTimeout: 900_000 };

export default defineConfig({
  test: {
    reporters: ['default', './scripts/test-summary.js'],
    // `unit` runs on all cores, `end-to-end` after it: a file of that has a Temporal server, workers and sockets of its
    // own, and mostly waits for them, so that two at a time take little longer than one
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/end-to-end/**'] } },
      {
        test: {
          ...shared,
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
