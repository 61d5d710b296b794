import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { orderProcedures } from '../../src/domain/plan/order.js';
import { previewProcedures } from '../../src/domain/plan/preview.js';
import { planJson } from '../../src/client/text/plan-json.js';
import { configJson } from '../../src/domain/config/config-json.js';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import { updateMap } from '../../src/domain/config/overlay.js';
import { readConfiguration } from '../../src/io/configuration/config-reader.js';
import { root } from '../support/disk/folders.js';
import { pythonTool } from '../support/tools/python-tool.js';

const folder = join(root, 'test/fixtures/predecessor');
const main = join(folder, 'main.yaml');
const fixture = join(folder, 'plans.json.gz');

interface States {
  readonly default: unknown;
  readonly start: unknown;
  readonly runs: readonly unknown[];
}

/**
 * Every kind of axis value that the Python tool 1.0.15 takes: the states of all runs as it makes them itself.
 * `UPDATE_FIXTURES=1` has them made anew by that tool (scripts/python-tool.sh).
 */
describe('a configuration of the Python tool', () => {
  let theirs: Readonly<Record<string, States>>;

  beforeAll(() => {
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(fixture, gzipSync(theirPlans(), { level: 9 }));
    theirs = JSON.parse(gunzipSync(readFileSync(fixture)).toString('utf8')) as Record<string, States>;
  }, 600_000);

  test('is planned to the very same states, procedure by procedure', async () => {
    const configuration = await readConfiguration(main);
    expect([...configuration.procedures.keys()]).toEqual(Object.keys(theirs));
    for (const [name, procedure] of configuration.procedures) {
      if (procedure.type !== 'daq') throw new Error(`${name} is no acquisition`);
      const plan = makePlan(procedure, [], {});
      const runs = Array.from({ length: plan.runs }, (_, run) => updateMap(plan.startState, plan.patch(run)));
      expect(
        runs.map((state): unknown => JSON.parse(configJson(state))),
        name,
      ).toEqual(theirs[name].runs);
    }
  });

  test('is told so by plan --json --configs', async () => {
    const configuration = await readConfiguration(main);
    const planned = orderProcedures(configuration, [...configuration.procedures.keys()]);
    const entries = await previewProcedures(configuration, planned, {});
    const { procedures } = JSON.parse([...planJson(entries, true)].join('')) as {
      procedures: (States & { name: string })[];
    };
    for (const { name, default: defaults, start, runs } of procedures) {
      expect({ default: defaults, start, runs: runs.length }, name).toEqual({
        ...theirs[name],
        runs: theirs[name].runs.length,
      });
    }
  });
});

function theirPlans(): Buffer {
  const script = join(root, 'test/support/plans/predecessor_plans.py');
  return execFileSync(join(pythonTool(), 'bin/python'), [script, main], { maxBuffer: 1 << 28 });
}
