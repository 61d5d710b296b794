import { readFileSync } from 'node:fs';
import { connect, createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { root } from '../disk/folders.js';

/** Certificates of a test authority, for `localhost` and 127.0.0.1; they open nothing but this endpoint. */
export const certificates = (name: string): string => join(root, 'test', 'fixtures', 'tls', name);

export interface TlsEndpoint {
  /** HOST:PORT. */
  readonly address: string;
  close(): void;
}

const unauthenticated = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' };

/** What stands in front of a lab's Temporal server: TLS with client certificates, and a key in every call. */
export async function startTlsEndpoint(target: string, key: string): Promise<TlsEndpoint> {
  const server: Http2SecureServer = createSecureServer({
    cert: readFileSync(certificates('server.crt')),
    key: readFileSync(certificates('server.key')),
    ca: readFileSync(certificates('ca.crt')),
    requestCert: true,
    rejectUnauthorized: true,
  });
  const inner = connect(`http://${target}`);
  inner.on('error', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    if (headers.authorization === `Bearer ${key}`) return forward(stream, inner.request(inward(headers)));
    stream.respond({ ...unauthenticated, 'grpc-message': 'wrong key' }, { endStream: true });
  });
  server.on('sessionError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never text
  const close = (): void => {
    server.close();
    inner.destroy();
  };
  return { address: `localhost:${port}`, close };
}

function inward(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization: _, ...rest } = headers;
  return { ...rest, ':scheme': 'http' };
}

function forward(stream: ServerHttp2Stream, call: ReturnType<ReturnType<typeof connect>['request']>) {
  let trailers: IncomingHttpHeaders = {};
  call.on('error', () => stream.close());
  stream.on('close', () => call.close());
  call.on('trailers', (sent) => (trailers = sent));
  call.on('response', (answer, flags) => {
    const isLast = (flags & 1) === 1; // END_STREAM: an error without a body
    if (stream.destroyed) return;
    stream.respond(answer, isLast ? { endStream: true } : { waitForTrailers: true });
    if (isLast) return;
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
  stream.pipe(call);
}
