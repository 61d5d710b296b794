import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { planJson } from '../../src/client/text/plan-json.js';
import { orderProcedures } from '../../src/domain/plan/order.js';
import { previewProcedures } from '../../src/domain/plan/preview.js';
import { readConfiguration } from '../../src/io/configuration/config-reader.js';
import { root } from '../support/disk/folders.js';

const examples = join(root, 'config-examples');
const mains = readdirSync(examples).filter((name) => name.endsWith('.yaml'));

/** `plan --json --configs` of everything an example declares; `UPDATE_FIXTURES=1` writes the files anew. */
describe('plan --json --configs of the examples', () => {
  it.each(mains)('%s', async (name) => {
    const configuration = await readConfiguration(join(examples, name));
    const { workflows, procedures } = configuration;
    const [first = ''] = workflows.keys();
    const whole = workflows.has('characterisation') ? 'characterisation' : first;
    const names = workflows.size > 0 ? [whole] : [...procedures.keys()];
    const entries = await previewProcedures(configuration, orderProcedures(configuration, names), {});
    const text = [...planJson(entries, true)].join('');
    const fixture = join(root, 'test/fixtures/plans', name.replace('.yaml', '.json.gz'));
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(fixture, gzipSync(text, { level: 9 }));
    expect(existsSync(fixture)).toBe(true);
    const golden = gunzipSync(readFileSync(fixture)).toString('utf8');
    expect(firstDifference(text, golden)).toBeUndefined();
    expect(JSON.parse(text)).toHaveProperty('procedures');
  });

  it('are of at least six kinds', () => expect(mains.length).toBeGreaterThanOrEqual(6));
});

/** The same procedures through an implementation of the algebra in Python, on PyYAML. */
describe('an independent implementation gives the same states, patches and messages', () => {
  const python = process.env['DATENRAFFINERIE_TEST_PYTHON'];
  it.skipIf(!python).each([
    ['injection', 'injection_scan'],
    ['pedestal', 'pedestal_run'],
    ['calibrated', 'calibrated_injection_scan'],
  ])('%s.yaml: %s (needs DATENRAFFINERIE_TEST_PYTHON)', async (library, name) => {
    const file = join(examples, 'procedures', `${library}.yaml`);
    const configuration = await readConfiguration(join(examples, 'workflow.yaml'));
    const planned = orderProcedures(configuration, [name]).filter((entry) => entry.name === name);
    const entries = await previewProcedures(configuration, planned, {});
    const { procedures } = JSON.parse([...planJson(entries, true)].join('')) as {
      procedures: Record<string, unknown>[];
    };
    const script = join(root, 'test/support/plans/plan_reference.py');
    const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    const expected: unknown = JSON.parse(execFileSync(String(python), [script, file, name], options));
    const { default: defaults, start, runs } = procedures[0];
    expect({ default: defaults, start, runs }).toEqual(expected);
  });
});

/** A short text about where two long ones part, undefined where they are the same. */
function firstDifference(text: string, golden: string): string | undefined {
  if (text === golden) return undefined;
  let at = 0;
  while (text[at] === golden[at]) at++;
  const around = (whole: string) => whole.slice(Math.max(0, at - 60), at + 60);
  return `at ${at}: '${around(text)}' instead of '${around(golden)}'`;
}
