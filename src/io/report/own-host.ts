import type { IncomingMessage } from 'node:http';

/**
 * Whether a request means this server of this machine. A page of the web can give a name of its own our address; its
 * browser then says that name.
 */
export function isForUs({ headers }: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  if (!hosts.includes(headers.host?.toLowerCase() ?? '')) return false;
  return headers.origin === undefined || hosts.some((host) => headers.origin === `http://${host}`);
}
