// Tries many sequences of messages on the workflows' models (test/workflows/models): 100,000 of each, or as many as said.
//   npm run fuzz [SEQUENCES]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const sequences = process.argv[2] ?? '100000';
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', 'test/workflows/models'], {
  stdio: 'inherit',
  env: { ...process.env, DATENRAFFINERIE_FUZZ_SEQUENCES: sequences },
});
process.exitCode = status ?? 1;
