import { registerBlocks, type RegisterBlock, type RegisterDescription } from '../registers/registers.js';

/**
 * JSON schema (draft 2020-12) of a chip configuration: editors show range, power-on value and meaning of every register
 * of the shipped description. Registers of other chip versions are left alone.
 */
export function chipsSchema(): object {
  const chips = { patternProperties: { '^roc_s': chipSchema() } };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { target: { type: 'object', ...chips } },
  };
}

function chipSchema(): object {
  const blocks = [...registerBlocks].map(([name, block]) => [name, blockSchema(block)]);
  return { type: 'object', properties: Object.fromEntries(blocks) as object };
}

function blockSchema({ count, parameters }: RegisterBlock): object {
  const registers = Object.fromEntries([...parameters].map(([name, register]) => [name, registerSchema(register)]));
  const entry = { type: 'object', properties: registers as object };
  return { type: 'object', description: `indices 0 to ${count - 1}`, patternProperties: { '^[0-9]+$': entry } };
}

function registerSchema({ min, max, default: powerOn, meaning }: RegisterDescription): object {
  const range = `${min} to ${max}, power-on ${powerOn}`;
  return {
    type: ['integer', 'boolean'],
    minimum: min,
    maximum: max,
    description: meaning ? `${meaning} (${range})` : range,
  };
}
