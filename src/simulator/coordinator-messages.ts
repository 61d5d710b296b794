import { deserialize, serialize } from 'bson';

/** A request to the coordinator. */
export interface CoordinatorRequest {
  readonly command: string;
  readonly token: string | null;
  /** YAML text. */
  readonly config: string | null;
  readonly readback: boolean;
}

export type CoordinatorReply =
  | { readonly type: 'lock'; readonly content: string }
  | { readonly type: 'ack' | 'access denied'; readonly content: null }
  | { readonly type: 'data'; readonly content: Uint8Array }
  | { readonly type: 'target_config' | 'error'; readonly content: string };

/** Throws an Error where the bytes are no BSON document with a command. */
export function parseCoordinatorRequest(bytes: Uint8Array): CoordinatorRequest {
  const document: Record<string, unknown> = deserialize(bytes);
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const command = text(document['command']);
  if (command === null) throw new Error('the document has no command');
  return {
    command,
    token: text(document['locking_token']),
    config: text(document['config']),
    readback: document['readback'] === true,
  };
}

export function encodeCoordinatorReply(reply: CoordinatorReply): Uint8Array {
  return serialize({ type: reply.type, content: reply.content });
}
