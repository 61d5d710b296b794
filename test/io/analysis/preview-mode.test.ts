import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AnalysisProcedure, Mode } from '../../../src/domain/config/procedure.js';
import { thawDaqProcedure } from '../../../src/domain/config/reading/freeze.js';
import { orderProcedures } from '../../../src/domain/plan/order.js';
import { previewProcedures } from '../../../src/domain/plan/preview.js';
import { previewAnalyses } from '../../../src/io/analysis/preview.js';
import { scanOutput } from '../../support/disk/scan-output.js';

/** What a plan says of the calibration in the folder of `scanOutput`, which was made of data in summary mode. */
async function preview(output: string, compatibleModes: readonly Mode[]) {
  const scan = thawDaqProcedure(readFileSync(join(output, 'pedestal_scan', 'procedure.yaml'), 'utf8'));
  const name = 'pedestal_calibration';
  const analysis: AnalysisProcedure = {
    ...{ type: 'analysis', name, moduleName: name, daq: [scan.name], parameters: new Map(), providesCalibration: true },
    compatibleModes,
  };
  const configuration = {
    procedures: new Map([scan, analysis].map((each) => [each.name, each])),
    workflows: new Map(),
  };
  const entries = await previewProcedures(configuration, orderProcedures(configuration, [name]), {
    reuse: async (_, { runs }) => ({ reused: runs, reasons: [] }),
    analysis: previewAnalyses(output, { folders: [] }),
  });
  return entries.at(-1);
}

it('results of an analysis hold whatever other modes it can read: its data decide', async () => {
  const output = await scanOutput();
  const provenance = join(output, 'pedestal_scan', 'provenance.json');
  writeFileSync(provenance, readFileSync(provenance, 'utf8').replace('c'.repeat(64), 'a'.repeat(64)));
  expect(await preview(output, ['summary'])).toMatchObject({ reused: 1, reasons: [] });
  expect(await preview(output, ['full', 'summary'])).toMatchObject({ reused: 1, reasons: [] });
});
