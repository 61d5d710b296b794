import { writeReport } from './write-report.js';

/** Program of the child process that writes a report; its argument is the output folder. */
try {
  await writeReport(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
