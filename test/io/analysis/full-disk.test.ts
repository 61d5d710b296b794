import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needsPython, noPython } from '../../support/tools/python.js';
import { analysisBench, folderWith } from '../../support/plans/run-analysis.js';

/** Writing to /dev/full gives what a full disk gives. */
const python = {
  '__init__.py': `
import os, sys
class full:
    def __init__(self, parameters): pass
    def output(self): return {'summary': 'a.txt'}
    def run(self, data, output_dir):
        with open('/dev/full', 'w') as file: file.write('x')
class even_the_reply(full):
    def run(self, data, output_dir):
        reply = os.path.join(os.path.dirname(sys.argv[1]), 'reply.json.partial')
        os.symlink('/dev/full', reply)
class even_stderr(full):
    def run(self, data, output_dir):
        os.dup2(os.open('/dev/full', os.O_WRONLY), 2)
        raise RuntimeError('[Errno 28] No space left on device')
`,
};
const javascript = `
import { writeFileSync } from 'node:fs';
export const output = () => ({ summary: 'a.txt' });
export function run() { writeFileSync('/dev/full', 'x'); }
`;

describe('an analysis that meets a full disk', () => {
  it.skipIf(noPython).each(['full', 'even_the_reply', 'even_stderr'])(
    `is a matter of the disk, not of the analysis, in Python (%s)${needsPython}`,
    async (module) => {
      const bench = await analysisBench();
      const folders = [folderWith(python)];
      await expect(bench.run({ module, folders })).rejects.toMatchObject({
        type: 'StorageError',
        message: expect.stringContaining('the disk was full'),
      });
      expect(existsSync(bench.outputDir)).toBe(false);
    },
  );

  it('is a matter of the disk in JavaScript too', async () => {
    const bench = await analysisBench();
    const folders = [folderWith({ 'full.js': javascript })];
    await expect(bench.run({ module: 'full', folders })).rejects.toMatchObject({
      type: 'StorageError',
      message: expect.stringContaining('ENOSPC'),
    });
    expect(existsSync(bench.outputDir)).toBe(false);
  });
});
