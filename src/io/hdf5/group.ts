import { ByteWriter, pad8, undefinedAddress } from './byte-writer.js';

/** Half of the most entries of a symbol table node and of a group's B-tree node: the library's defaults. */
export const groupLeafK = 4;
export const groupInternalK = 16;

/** What a group's name leads to: the address of an object header, and of B-tree and heap where it is a group itself. */
export interface Link {
  readonly name: string;
  readonly header: number;
  readonly group?: { readonly tree: number; readonly heap: number };
}

/** The parts of a group's index, each to be written at its own address. */
export interface GroupIndex {
  readonly heap: Uint8Array;
  readonly node: Uint8Array;
  readonly tree: Uint8Array;
}

/** 40 bytes: where an object is, and, for a group, its cached B-tree and heap. */
export function encodeSymbol(writer: ByteWriter, nameOffset: number, link: Omit<Link, 'name'>): void {
  writer.u64(nameOffset).u64(link.header);
  if (link.group === undefined) writer.u32(0).zeros(20);
  else writer.u32(1).u32(0).u64(link.group.tree).u64(link.group.heap);
}

/**
 * Local heap with the names, one symbol table node, and a B-tree of that one leaf, for at most 2 × 4 links; to be
 * written at `address`, one after the other.
 */
export function encodeGroupIndex(links: readonly Link[], address: number): GroupIndex {
  const sorted = [...links].sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = new ByteWriter().zeros(8); // offset 0 is the empty name
  const offsets = sorted.map(({ name }) => {
    const offset = names.length;
    names.text(name).align();
    return offset;
  });
  const heap = encodeHeap(names.finish(), address);
  const nodeAddress = address + heap.length;
  return { heap, node: encodeNode(sorted, offsets), tree: encodeTree(nodeAddress, offsets.at(-1) ?? 0) };
}

/** Header and data segment of a local heap without free space. */
function encodeHeap(names: Uint8Array, address: number): Uint8Array {
  const headerSize = 32;
  const noFreeBlock = 1;
  const writer = new ByteWriter().bytes(new TextEncoder().encode('HEAP')).zeros(4);
  writer
    .u64(pad8(names.length))
    .u64(noFreeBlock)
    .u64(address + headerSize);
  return writer.bytes(names).align().finish();
}

function encodeNode(links: readonly Link[], offsets: readonly number[]): Uint8Array {
  const symbolSize = 40;
  const writer = new ByteWriter().bytes(new TextEncoder().encode('SNOD')).u8(1, 0).u16(links.length);
  links.forEach((link, index) => encodeSymbol(writer, offsets[index], link));
  return writer.zeros((2 * groupLeafK - links.length) * symbolSize).finish();
}

function encodeTree(node: number, lastName: number): Uint8Array {
  const size = 24 + 2 * groupInternalK * 8 + (2 * groupInternalK + 1) * 8;
  const writer = new ByteWriter().bytes(new TextEncoder().encode('TREE')).u8(0, 0).u16(1);
  writer.u64(undefinedAddress).u64(undefinedAddress).u64(0).u64(node).u64(lastName);
  return writer.zeros(size - writer.length).finish();
}
