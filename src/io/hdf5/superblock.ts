import { ByteWriter, undefinedAddress } from './byte-writer.js';
import { encodeSymbol, groupInternalK, groupLeafK, type Link } from './group.js';

/** What every HDF5 file begins with: `\x89HDF\r\n\x1a\n`. */
export const hdf5Signature: readonly number[] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes of a superblock of version 0 with 8-byte offsets and lengths. */
export const superblockSize = 96;

/** The first bytes of the file: versions, sizes, where the root group is and where the file ends. */
export function encodeSuperblock(root: Omit<Link, 'name'>, endOfFile: number): Uint8Array {
  const writer = new ByteWriter()
    .u8(...hdf5Signature)
    .u8(0, 0, 0, 0, 0) // versions of superblock, free space, root, and shared headers
    .u8(8, 8, 0) // bytes of an offset and of a length
    .u16(groupLeafK)
    .u16(groupInternalK)
    .u32(0)
    .u64(0) // base address
    .u64(undefinedAddress) // no free space information
    .u64(endOfFile)
    .u64(undefinedAddress); // no driver information
  encodeSymbol(writer, 0, root);
  return writer.finish();
}
