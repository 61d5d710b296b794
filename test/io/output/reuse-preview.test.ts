import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import { ManifestWriter } from '../../../src/io/output/manifest.js';
import { previewOf } from '../../../src/io/output/reuse-preview.js';
import { daqProcedure } from '../../support/plans/daq-procedure.js';
import { temporaryFolder } from '../../support/disk/folders.js';

const planned = {
  name: 'scan',
  procedure: 'scan',
  type: 'daq',
  dependsOn: [],
  calibrations: [],
  reason: 'asked for',
} as const;

it('counts the runs that are there, and says why the others are not reused', async () => {
  const output = temporaryFolder();
  const folder = join(output, 'scan');
  mkdirSync(join(folder, 'raw'), { recursive: true });
  const axis = { kind: 'key', name: 'x', paths: [['daq', 'x']], values: [0, 1, 2, 3, 4, 5] } as const;
  const plan = makePlan(daqProcedure({ defaults: 'daq: {x: 0}', axes: [axis] }));
  const { writer } = await ManifestWriter.open(folder);
  for (const run of [0, 1, 2, 3]) {
    const file = `raw/run_0000${run}.raw`;
    writeFileSync(join(folder, file), 'abc');
    const { mtimeMs } = statSync(join(folder, file));
    writer.append({
      ...{
        run,
        file,
        bytes: run === 2 ? 4 : 3,
        mtimeMs,
        sha256: 'x',
        attempt: 1,
        events: 1,
        truncatedBytes: 0,
        corruptHalves: 0,
      },
      key: run === 3 ? 'another' : plan.key(run),
      start: '2026-01-01T00:00:00.000Z',
      end: '2026-01-01T00:00:02.500Z',
    });
  }
  await writer.close();
  expect(await previewOf(output)(planned, plan)).toEqual({
    reused: 2,
    runSeconds: 2.5,
    runBytes: 3,
    reasons: [
      '1 run: raw/run_00002.raw has 3 bytes where 4 were written',
      '1 run: was measured with another configuration',
      '2 runs: not measured yet',
    ],
  });
  expect(await previewOf(join(output, 'nowhere'))(planned, plan)).toEqual({
    reused: 0,
    reasons: ['6 runs: not measured yet'],
  });
});
