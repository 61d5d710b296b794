import { defineConfig } from 'vitest/config';

const shared = { pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 900_000 };

export default defineConfig({
  test: {
    reporters: ['default', './scripts/test-summary.js'],
    // two kinds: `unit` runs in parallel; `end-to-end` has a Temporal server, workers and sockets, a file at a time
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/end-to-end/**'] } },
      { test: { ...shared, name: 'end-to-end', include: ['test/end-to-end/**/*.test.ts'], fileParallelism: false } },
    ],
  },
});
