import { ByteWriter, undefinedAddress } from './byte-writer.js';

/** Half of the most children of a node: fixed by the library for superblock version 0. */
const internalK = 32;
const keySize = 24;
const nodeSize = 24 + (2 * internalK + 1) * keySize + 2 * internalK * 8;

/** A compressed chunk on disk. */
export interface ChunkEntry {
  readonly address: number;
  readonly bytes: number;
}

interface Child {
  readonly address: number;
  readonly firstRow: number;
  /** Compressed size of the first chunk below: part of a key. */
  readonly bytes: number;
}

/** A B-tree over chunks in row order; the caller writes `nodes` at the given address, back to back. */
export interface ChunkIndex {
  readonly nodes: Uint8Array;
  /** Address of the root node; undefined without chunks. */
  readonly root: number | undefined;
}

/** The whole B-tree of version 1, leaves first, one level after the other, to stand at `address`. */
export function encodeChunkIndex(chunks: readonly ChunkEntry[], chunkRows: number, address: number): ChunkIndex {
  if (chunks.length === 0) return { nodes: new Uint8Array(0), root: undefined };
  const endRow = chunks.length * chunkRows;
  const writer = new ByteWriter();
  let children: Child[] = chunks.map((chunk, index) => ({ ...chunk, firstRow: index * chunkRows }));
  for (let level = 0; ; level++) {
    children = writeLevel(writer, level, children, endRow, address);
    if (children.length === 1) return { nodes: writer.finish(), root: children[0].address };
  }
}

/** Writes the nodes of one level and returns them as children of the next. */
function writeLevel(writer: ByteWriter, level: number, children: Child[], endRow: number, address: number): Child[] {
  const nodes = Math.ceil(children.length / (2 * internalK));
  const start = address + writer.length;
  return Array.from({ length: nodes }, (_, node) => {
    const first = node * 2 * internalK;
    const own = children.slice(first, first + 2 * internalK);
    const right = children[first + own.length] ?? { firstRow: endRow, bytes: 0 };
    const at = (index: number) => (index < 0 || index >= nodes ? undefinedAddress : start + index * nodeSize);
    writer.bytes(encodeNode(level, own, right, at(node - 1), at(node + 1)));
    return { address: start + node * nodeSize, firstRow: own[0].firstRow, bytes: own[0].bytes };
  });
}

function encodeNode(
  level: number,
  children: readonly Child[],
  right: Omit<Child, 'address'>,
  leftSibling: number | bigint,
  rightSibling: number | bigint,
): Uint8Array {
  const chunkNode = 1;
  const writer = new ByteWriter().bytes(new TextEncoder().encode('TREE')).u8(chunkNode, level).u16(children.length);
  writer.u64(leftSibling).u64(rightSibling);
  for (const child of children) {
    writeKey(writer, child);
    writer.u64(child.address);
  }
  writeKey(writer, right);
  return writer.zeros(nodeSize - writer.length).finish();
}

/** Size, mask of skipped filters (none), and the chunk's place: its first row, and 0 within the element. */
function writeKey(writer: ByteWriter, key: Omit<Child, 'address'>): void {
  writer.u32(key.bytes).u32(0).u64(key.firstRow).u64(0);
}
