// A reporter for vitest: names the skipped tests and closes with one plain line that counts.
import { writeSync } from 'node:fs';

export default class TestSummary {
  /** @param modules the test files @param unhandled errors that belong to no test */
  onTestRunEnd(modules, unhandled) {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    const skipped = [];
    for (const module of modules) {
      const suites = [module, ...module.children.allSuites()];
      counts.failed += suites.filter((suite) => suite.errors().length > 0).length; // hooks, or a file that does not load
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') counts[state]++;
        else {
          counts.skipped++;
          skipped.push(`skipped: ${module.relativeModuleId} > ${test.fullName}`);
        }
      }
    }
    const closing = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    // at the very end: after the lines of the other reporters, whatever their order
    process.once('exit', () => writeSync(1, `\n${[...skipped, closing].join('\n')}\n`));
  }
}
