import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planText } from '../../src/client/text/plan-text.js';
import { networkSchema, serverSchema } from '../../src/domain/config/network/network-schema.js';
import {
  analysisSchema,
  axisSchemas,
  daqSchema,
  mainSchema,
  rangeSchema,
  workflowSchema,
} from '../../src/domain/config/schema.js';
import { orderProcedures } from '../../src/domain/plan/order.js';
import { previewProcedures } from '../../src/domain/plan/preview.js';
import { readConfiguration } from '../../src/io/configuration/config-reader.js';
import { readNetwork } from '../../src/io/configuration/network-reader.js';
import { root, temporaryFolder } from '../support/disk/folders.js';

interface Block {
  readonly line: number;
  readonly language: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly text: string;
}

const guide = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
const blocks: readonly Block[] = [...guide.matchAll(/^```(\w+)(.*)\n([\s\S]*?)^```$/gm)].map((match) => {
  const [kind = '', ...names] = match[2].trim().split(' ');
  const line = guide.slice(0, match.index).split('\n').length;
  return { line, language: match[1], kind, names, text: match[3] };
});

const folder = temporaryFolder('configuration-guide-');
cpSync(join(root, 'config-examples'), folder, { recursive: true });
const indented = (text: string, by: string) => text.replace(/^/gm, by);

/** An example as a whole main file. */
function mainFile({ kind, text }: Block): string {
  if (kind === 'main') return text;
  if (kind === 'procedures') return `procedures:\n${indented(text, '  ')}`;
  const settings = '{default: board/three-chips.yaml, init: board/data-taking.yaml}';
  return `procedures:\n  - name: scan\n    type: daq\n    system_settings: ${settings}\n    parameters:\n${indented(text, '      ')}`;
}

async function plan(block: Block, names: readonly string[]): Promise<string> {
  const file = join(folder, `guide-${block.line}.yaml`);
  writeFileSync(file, mainFile(block));
  const configuration = await readConfiguration(file);
  const asked = names.length === 0 ? [...configuration.procedures.keys()] : names;
  return planText(await previewProcedures(configuration, orderProcedures(configuration, asked), {}));
}

describe('examples of the configuration guide', () => {
  const yaml = blocks.filter(({ language }) => language === 'yaml');
  const planned = yaml.filter(({ kind }) => kind !== 'network');

  it.each(planned)('line $line is valid and plans as it says', async (block) => {
    const expected = blocks[blocks.indexOf(block) + 1];
    expect(expected).toMatchObject({ language: 'text', kind: 'plan' });
    expect(await plan(block, expected.names)).toContain(expected.text.trimEnd());
  });

  it.each(yaml.filter(({ kind }) => kind === 'network'))('line $line is a network file', async ({ line, text }) => {
    writeFileSync(join(folder, `network-${line}.yaml`), text);
    expect(await readNetwork(join(folder, `network-${line}.yaml`))).toHaveProperty('kind');
  });

  it('cover every field, each also in a table or sentence', () => {
    const shapes = [
      mainSchema,
      workflowSchema,
      daqSchema,
      daqSchema.shape.system_settings,
      analysisSchema,
      rangeSchema,
      networkSchema,
      serverSchema,
      ...Object.values(axisSchemas),
    ];
    const fields = new Set(shapes.flatMap(({ shape }) => Object.keys(shape)));
    const examples = yaml.map(({ text }) => text).join('\n');
    const written = readFileSync(join(root, 'config-examples/network/coordinator.yaml'), 'utf8') + examples;
    expect([...fields].filter((field) => !guide.includes(`\`${field}\``))).toEqual([]);
    const old = new Set(['target']); // of the older network files: has a test of its own
    expect([...fields].filter((field) => !old.has(field) && !new RegExp(`\\b${field}:`).test(written))).toEqual([]);
    expect(yaml.length).toBeGreaterThan(10);
  });
});
