import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { LiveState } from '../../domain/report/live-page.js';
import { readIfExists } from '../files.js';
import { reportName } from '../output/paths.js';
import { liveSummary } from './live-summary.js';
import { isForUs } from './own-host.js';

export interface LiveServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly port?: number;
  /** What the scan does; undefined where nothing is known of it. */
  readonly look?: (() => Promise<LiveState | undefined>) | undefined;
}

/**
 * Serves what is in an output folder by now on this machine alone: `/` the live page, made on every request, and
 * `/report.html` where there is one. Port 0: a free one. @throws DatenraffinerieError BusyError: the port is taken
 */
export async function startLiveServer(output: string, { port = 0, look }: LiveOptions = {}): Promise<LiveServer> {
  const server = createServer((request, response) => {
    if (isForUs(request, request.socket.localPort ?? 0)) void answer({ output, look }, request.url ?? '/', response);
    else send(response, 403, 'this page is for this machine: open it by the address that was printed\n', 'text/plain');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(taken(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo; // a TCP server's address is never text
  return {
    url: `http://127.0.0.1:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Source {
  readonly output: string;
  readonly look: LiveOptions['look'];
}

async function answer({ output, look }: Source, url: string, response: ServerResponse): Promise<void> {
  try {
    const page = url === `/${reportName}` ? await readIfExists(join(output, reportName)) : undefined;
    if (url !== '/' && page === undefined) return send(response, 404, `there is no ${url} here\n`, 'text/plain');
    send(response, 200, page ?? (await liveSummary(output, await look?.())), 'text/html');
  } catch (error) {
    send(response, 500, `${error instanceof Error ? error.message : String(error)}\n`, 'text/plain');
  }
}

function send(response: ServerResponse, status: number, body: string, type: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(body);
}

function taken(port: number, cause: Error): DatenraffinerieError {
  const remedy = 'give another with --port, or 0 for a free one';
  return new DatenraffinerieError('BusyError', `port ${port} cannot be used: ${cause.message}`, { remedy, cause });
}
