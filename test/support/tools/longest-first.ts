import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first; what is not here takes its place by vitest's own rules: by its last duration, else by its size. */
const longest = [
  ...[
    'chaos',
    'config-examples',
    'resume',
    'upgrade',
    'up',
    'killed-parts',
    'pause-and-abort',
    'stand-commands',
    'recorded-scan',
  ],
  ...['config-fuzz', 'run-analysis', 'toa'],
];

/**
 * The order of test files: those that take longest begin first, so that none of them is left to run alone at the end.
 * Vitest itself knows them only from an earlier run, which a fresh clone has not had.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => group(a) - group(b) || place(a) - place(b));
  }
}

const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;

function place({ moduleId }: TestSpecification): number {
  const found = longest.indexOf(basename(moduleId, '.test.ts'));
  return found < 0 ? longest.length : found;
}
