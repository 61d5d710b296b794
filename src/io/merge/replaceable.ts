import { open, realpath } from 'node:fs/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import { hdf5Signature } from '../hdf5/superblock.js';
import { hasCode, statIfExists } from '../files.js';

const signature = Buffer.from(hdf5Signature);

/**
 * Throws ConfigError where a table cannot be written to `output`: it exists and is not to be replaced, or it is one of
 * the inputs, no plain file, or no table: measured data and devices are never replaced.
 */
export async function requireReplaceable(output: string, inputs: readonly string[], overwrite: boolean): Promise<void> {
  const stat = await statIfExists(output);
  if (stat === undefined) return;
  const place = await realpath(output);
  for (const input of inputs) {
    const isInput = (await realpath(input).catch(() => undefined)) === place;
    if (isInput) throw refused(`${output} is one of the files that are read`);
  }
  if (!overwrite) throw refused(`${output} exists already`, 'choose another name, or say --overwrite');
  if (!stat.isFile()) throw refused(`${output} is no plain file`);
  if (!(await isTable(output))) throw refused(`${output} is no table: it is not replaced`);
}

async function isTable(path: string): Promise<boolean> {
  const file = await open(path).catch((error: unknown) => {
    if (hasCode(error, 'EACCES')) throw refused(`${path} cannot be read`);
    throw error;
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(signature.length), 0, signature.length, 0);
    return bytesRead === signature.length && buffer.equals(signature);
  } finally {
    await file.close();
  }
}

function refused(message: string, remedy = 'give the name of the table with --output'): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', message, { remedy });
}
