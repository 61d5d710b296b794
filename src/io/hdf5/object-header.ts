import { DatenraffinerieError } from '../../domain/errors.js';
import { ByteWriter, pad8 } from './byte-writer.js';
import type { Message } from './messages.js';

/** A message's size field has 16 bits, and sizes are multiples of 8. */
const largestMessage = 65_528;

/**
 * An object header of version 1 with all messages in its first block.
 * @throws DatenraffinerieError ConfigError where a message does not fit (a table of about 800 columns).
 */
export function encodeObjectHeader(object: string, messages: readonly Message[]): Uint8Array {
  const size = messages.reduce((sum, message) => sum + 8 + pad8(message.body.length), 0);
  const writer = new ByteWriter().u8(1, 0).u16(messages.length).u32(1).u32(size).align();
  for (const message of messages) {
    const padded = pad8(message.body.length);
    if (padded > largestMessage) throw tooLarge(object, message);
    writer.u16(message.type).u16(padded).u8(message.flags).zeros(3);
    writer.bytes(message.body).align();
  }
  return writer.finish();
}

function tooLarge(object: string, message: Message): DatenraffinerieError {
  const text = `${object}: ${message.body.length} bytes of header (message ${message.type}), HDF5 allows ${largestMessage}`;
  return new DatenraffinerieError('ConfigError', text, {
    remedy: 'select fewer columns with the procedure’s data_columns, or shorten the text',
  });
}
