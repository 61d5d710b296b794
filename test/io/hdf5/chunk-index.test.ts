import { expect, test } from 'vitest';
import { encodeChunkIndex } from '../../../src/io/hdf5/chunk-index.js';

interface Found {
  readonly row: number;
  readonly address: number;
  readonly bytes: number;
}

/** Follows the tree from its root as the library does, and checks siblings and the bounds of every node. */
function walk(view: DataView, base: number, node: number, level: number | undefined): Found[] {
  const at = node - base;
  expect(view.getUint32(at)).toBe(0x54524545); // TREE
  expect(view.getUint8(at + 4)).toBe(1);
  const own = view.getUint8(at + 5);
  if (level !== undefined) expect(own).toBe(level);
  const used = view.getUint16(at + 6, true);
  expect(used).toBeGreaterThan(0);
  expect(used).toBeLessThanOrEqual(64);
  return Array.from({ length: used }, (_, child) => {
    const key = at + 24 + child * 32;
    const row = Number(view.getBigUint64(key + 8, true));
    const next = Number(view.getBigUint64(key + 32 + 8, true));
    expect(next).toBeGreaterThan(row);
    const address = Number(view.getBigUint64(key + 24, true));
    if (own === 0) return [{ row, address, bytes: view.getUint32(key, true) }];
    const below = walk(view, base, address, own - 1);
    expect(below[0].row).toBe(row);
    return below;
  }).flat();
}

test.each([1, 64, 65, 4096, 4097, 20_000])('%i chunks beyond 4 GB are all found, in order', (count) => {
  const first = 5 * 2 ** 32 + 8;
  const chunks = Array.from({ length: count }, (_, i) => ({ address: first + i * 100_000, bytes: 1000 + (i % 7) }));
  const base = 2 ** 40;
  const { nodes, root } = encodeChunkIndex(chunks, 1024, base);
  const view = new DataView(nodes.buffer, nodes.byteOffset, nodes.length);
  const found = walk(view, base, root ?? NaN, undefined);
  expect(found.map(({ address, bytes }) => ({ address, bytes }))).toEqual(chunks);
  expect(found.every(({ row }, index) => row === index * 1024)).toBe(true);
});

test('a table without chunks has no index', () => {
  expect(encodeChunkIndex([], 1024, 96)).toEqual({ nodes: new Uint8Array(0), root: undefined });
});
