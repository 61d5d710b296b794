import * as z from 'zod/mini';
import { chipsSchema } from './chips-schema.js';
import { networkSchema } from '../network/network-schema.js';
import { analysisSchema, axisSchemas, daqSchema, mainSchema, workflowSchema } from '../schema.js';

/** Kinds of file that users write. */
export const schemaNames = ['main', 'library', 'network', 'chips'] as const;
export type SchemaName = (typeof schemaNames)[number];

/** JSON schema (draft 2020-12) of a kind of file. Names are beyond it; `validate` checks those. */
export function jsonSchema(name: SchemaName): object {
  const schema = name === 'chips' ? chipsSchema() : z.toJSONSchema(schemas[name], { io: 'input' });
  return { title: `Datenraffinerie: ${titles[name]}`, ...schema };
}

const titles: Readonly<Record<SchemaName, string>> = {
  main: 'main file',
  library: 'library of procedures',
  network: 'network file',
  chips: 'chip configuration: default, init states, calibrations',
};

const simpleAxes = [axisSchemas.key, axisSchemas.template, axisSchemas.patches] as const;
const zip = z.extend(axisSchemas.zip, { zip: z.array(z.union(simpleAxes)).check(z.minLength(1)) });
const axis = z.union([...simpleAxes, zip]);
const daq = z.extend(daqSchema, { parameters: z.optional(z.nullable(z.array(axis))) });
const library = z.array(z.union([daq, analysisSchema]));
const main = z.extend(mainSchema, {
  procedures: z.optional(z.nullable(library)),
  workflows: z.optional(z.nullable(z.array(workflowSchema))),
});

const schemas = { main, library, network: networkSchema } as const;
