import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** A value that the server keeps, by the client's own converter and codecs. */
export async function decodePayload(client: Client, payload: Payload): Promise<unknown> {
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let payloads = [payload];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload(payloads[0]);
}
