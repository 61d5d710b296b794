import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { previewCalibrations } from '../../../src/io/analysis/preview.js';
import { mapping } from '../../support/plans/daq-procedure.js';
import { analysisBench, folderWith, type Bench } from '../../support/plans/run-analysis.js';

/** An analysis that gives a calibration, or none, and says what it thinks of it. */
function analysis(name: string, file: string | null, quality: object): string {
  return `
    export const ${name} = {
      output: () => ({ calibration: ${JSON.stringify(file)} }),
      run: async (tables, context) => {
        if (${file !== null}) await context.calibration('fit.yaml', new Map([['daq', new Map([['x', 1]])]]));
        return ${JSON.stringify(quality)};
      },
    };`;
}

const folders = [
  folderWith({
    'accepted.mjs': analysis('accepted', 'fit.yaml', {}),
    'asking.mjs': analysis('asking', 'fit.yaml', { verdict: 'ask', reason: 'large spread' }),
    'rejected.mjs': analysis('rejected', 'fit.yaml', { verdict: 'reject', reason: 'no spread' }),
    'nothing.mjs': analysis('nothing', null, {}),
  }),
];

async function benchAfter(module: string): Promise<Bench> {
  const bench = await analysisBench();
  await bench.run({ module, folders });
  return bench;
}

function calibrationOf({ outputDir }: Bench) {
  return previewCalibrations(dirname(outputDir))('the_analysis');
}

describe('a calibration that lies in an output folder', () => {
  test('is what a scan would lay on, or that there is nothing to lay on', async () => {
    expect(await calibrationOf(await benchAfter('accepted'))).toEqual([mapping('daq: {x: 1}')]);
    expect(await calibrationOf(await benchAfter('nothing'))).toEqual([]);
  });

  test('does not count where a human must accept it, where it was rejected, and where it is not there', async () => {
    expect(await calibrationOf(await benchAfter('asking'))).toBeUndefined();
    expect(await calibrationOf(await benchAfter('rejected'))).toBeUndefined();
    expect(await calibrationOf(await analysisBench())).toBeUndefined();
  });

  test('is refused where it is not what the analysis gave', async () => {
    const bench = await benchAfter('accepted');
    writeFileSync(join(bench.outputDir, 'fit.yaml'), 'daq: {x: 2}\n');
    await expect(calibrationOf(bench)).rejects.toThrow(/fit\.yaml was changed/);
  });
});
