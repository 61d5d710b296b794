import { deserialize, serialize } from 'bson';
import { DatenraffinerieError } from '../../../domain/errors.js';

export type CoordinatorCommand =
  'acquire lock' | 'release lock' | 'initialize' | 'configure' | 'measure' | 'read_target' | 'reset_target';

export interface CoordinatorRequest {
  readonly command: CoordinatorCommand;
  readonly token: string | null;
  /** YAML text. */
  readonly config: string | null;
  readonly readback: boolean;
}

export interface CoordinatorReply {
  /** `lock`, `ack`, `data`, `target_config`, `error` or `access denied`. */
  readonly type: string;
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
}

/** The coordinator knows `readback` only where something is written. */
export function encodeCoordinatorRequest({ command, token, config, readback }: CoordinatorRequest): Uint8Array {
  const document = { command, locking_token: token, config };
  return serialize(command === 'measure' || command === 'configure' ? { ...document, readback } : document);
}

/** Throws a StandError where the bytes are no reply. */
export function parseCoordinatorReply(bytes: Uint8Array): CoordinatorReply {
  const document = parseDocument(bytes);
  const type = document['type'];
  const content = document['content'];
  if (typeof type !== 'string') throw noReply('it has no type');
  return {
    type,
    text: typeof content === 'string' ? content : undefined,
    bytes: content instanceof Uint8Array ? content : undefined,
  };
}

function parseDocument(bytes: Uint8Array): Record<string, unknown> {
  try {
    return deserialize(bytes, { promoteBuffers: true });
  } catch (error) {
    throw noReply(error instanceof Error ? error.message : String(error));
  }
}

function noReply(reason: string): DatenraffinerieError {
  return new DatenraffinerieError('StandError', `the coordinator's reply is no reply: ${reason}`);
}
