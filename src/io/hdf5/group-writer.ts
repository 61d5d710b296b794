import { encodeGroupIndex, type Link } from './group.js';
import { symbolTable, type Message } from './messages.js';
import { encodeObjectHeader } from './object-header.js';
import type { OutputFile } from './output-file.js';

/** Appends a group of at most eight links, whose objects stand in the file already. */
export async function writeGroup(
  file: OutputFile,
  name: string,
  attributes: readonly Message[],
  links: readonly Link[],
): Promise<Omit<Link, 'name'>> {
  file.align();
  const heap = file.length;
  const index = encodeGroupIndex(links, heap);
  const tree = heap + index.heap.length + index.node.length;
  await file.append(Buffer.concat([index.heap, index.node, index.tree]));
  const header = await file.append(encodeObjectHeader(name, [symbolTable(tree, heap), ...attributes]));
  return { header, group: { tree, heap } };
}
