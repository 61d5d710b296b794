import { textSha256 } from '../files.js';
import { DatasetWriter, smallChunk } from './dataset-writer.js';
import { stringDatatype } from './datatype.js';
import type { Link } from './group.js';
import { writeGroup } from './group-writer.js';
import * as message from './messages.js';
import { encodeObjectHeader } from './object-header.js';
import type { OutputFile } from './output-file.js';
import { packRow } from './pack-row.js';
import type { RunsSpool } from './runs-spool.js';
import { groupAttributes } from './table-attributes.js';
import { axesSchema, runsSchema, type AxisFacts, type FileMetadata } from './table-metadata.js';

/** Appends the group `/metadata`: short facts as attributes, configuration and comment as texts, axes and runs as tables. */
export async function writeMetadata(
  file: OutputFile,
  metadata: FileMetadata,
  runs: RunsSpool,
): Promise<Omit<Link, 'name'>> {
  const { configuration, comment, axes, procedure, mode, software, stand, board } = metadata;
  const facts = { procedure, mode, software, stand, board, configuration_sha256: textSha256(configuration) };
  const attributes = Object.entries(facts).flatMap(([name, text]) =>
    text === undefined ? [] : [message.textAttribute(name, text)],
  );
  const links: Link[] = [
    { name: 'configuration', header: await writeText(file, '/metadata/configuration', configuration) },
    { name: 'axes', header: await writeAxes(file, axes) },
    { name: 'runs', header: await writeRuns(file, runs) },
  ];
  if (comment !== undefined)
    links.push({ name: 'comment', header: await writeText(file, '/metadata/comment', comment) });
  return writeGroup(file, '/metadata', [...groupAttributes(), ...attributes], links);
}

/** A scalar string of any length: attributes must stay below 64 kB. */
async function writeText(file: OutputFile, name: string, text: string): Promise<number> {
  const bytes = Buffer.from(`${text}\0`);
  const address = await file.append(bytes);
  file.align();
  return file.append(
    encodeObjectHeader(name, [
      message.scalarDataspace(),
      message.datatype(stringDatatype({ bytes: bytes.length, padding: 'terminated', utf8: true })),
      message.zeroFill('late'),
      message.contiguousLayout(address, bytes.length),
    ]),
  );
}

async function writeAxes(file: OutputFile, axes: readonly AxisFacts[]): Promise<number> {
  const schema = axesSchema(axes);
  const writer = new DatasetWriter(file, '/metadata/axes', schema, smallChunk);
  for (const { name, length, unit = '', label = '' } of axes) {
    await writer.append(packRow(schema, [name, length, unit, label]));
  }
  return writer.finish();
}

async function writeRuns(file: OutputFile, runs: RunsSpool): Promise<number> {
  const schema = runsSchema(runs.patchBytes);
  const writer = new DatasetWriter(file, '/metadata/runs', schema, smallChunk);
  for await (const run of runs.records()) {
    const counts = [run.events, run.truncatedBytes, run.corruptHalves];
    await writer.append(packRow(schema, [run.run, run.firstRow, run.rows, ...counts, run.sha256, run.patch]));
  }
  return writer.finish();
}
