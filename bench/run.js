// Runs the benchmarks and prints a table, or with --json an array of {name, ratio, goal, better}; names (or parts of
// them) as arguments select some. Each is a file NAME.bench.js that exports name, goal, better ('lower' or 'higher'),
// run (resolves to the ratio) and maybe skip (why it cannot run here); each runs in a process of its own.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
// benchmarks run the compiled code; what the build says goes to stderr, so that --json leaves nothing but JSON on stdout
execFileSync(process.execPath, [`${here}../scripts/build.js`], { stdio: ['ignore', 2, 'inherit'] });
const json = process.argv.includes('--json');
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const files = readdirSync(here).filter(
  (file) => file.endsWith('.bench.js') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
);

/** As many threads for compression as the program itself has. */
const threads = String(Math.max(4, availableParallelism()));

const results = [];
let failed = false;
for (const file of files) {
  const result = runOne(file);
  if (result === undefined) failed = true;
  else if (result.skip !== undefined) console.error(`${result.name}: skipped, ${result.skip}`);
  else {
    results.push(result);
    if (!json) console.log(line(result));
  }
}
if (json) console.log(JSON.stringify(results, undefined, 2));
process.exitCode = failed ? 1 : 0;

function runOne(file) {
  try {
    const output = execFileSync(process.execPath, [`${here}one.js`, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { UV_THREADPOOL_SIZE: threads, ...process.env },
    });
    return JSON.parse(output.toString());
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    return undefined;
  }
}

function line({ name, ratio, goal, better }) {
  const sign = better === 'lower' ? '≤' : '≥';
  const met = goal === null ? '' : (better === 'lower' ? ratio <= goal : ratio >= goal) ? '  ok' : '  MISSED';
  const aim = goal === null ? '' : `goal ${sign} ${goal}`;
  return `${name.padEnd(64)} ${ratio.toFixed(2).padStart(8)}  ${aim}${met}`;
}
