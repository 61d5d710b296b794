import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../src/domain/scan/notice.js';
import { notify } from '../../../src/io/processes/notify.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { waitUntil } from '../../support/tools/processes.js';

const notice: Notice = { event: 'asks', scan: 's-1', stand: 'lab', procedure: 'cal', message: 'spread "20 %", µA' };

/** A local server that answers with `status`, or never. */
async function withHttp(status: number | undefined, body: (url: string, got: string[]) => Promise<void>) {
  const got: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      got.push(`${request.method} ${request.url} ${request.headers['content-type']}`, text);
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    await body(`http://127.0.0.1:${address.port}/hook?key=1`, got);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('a command', () => {
  test('gets the notice as JSON on its stdin', async () => {
    const file = join(temporaryFolder(), 'notice.json');
    await notify(`cat > '${file}'`, notice, 5000);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(notice);
  });

  test('need not read it', async () => {
    await notify('exit 0', { ...notice, message: 'x'.repeat(1_000_000) }, 5000);
  });

  test('that fails is an error which says how', async () => {
    await expect(notify('exit 3', notice, 5000)).rejects.toThrow(
      'the notification hook failed: it ended with exit code 3',
    );
    await expect(notify('no-such-command-here 2> /dev/null', notice, 5000)).rejects.toThrow(
      'it ended with exit code 127',
    );
  });

  test('that takes too long is killed with its children', async () => {
    const folder = temporaryFolder();
    const started = Date.now();
    const command = `sh -c 'echo $$ > "${folder}/pid"; sleep 60; echo > "${folder}/late"' & wait`;
    await expect(notify(command, notice, 500)).rejects.toThrow('it was not done after 0.5 s');
    expect(Date.now() - started).toBeLessThan(5000);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await waitUntil('its child is gone', () => (existsSync(`/proc/${pid}/cwd`) ? undefined : true));
  });
});

describe('a URL', () => {
  test('gets the notice as the body of a POST', async () => {
    await withHttp(204, async (url, got) => {
      await notify(url, notice, 5000);
      expect(got[0]).toBe('POST /hook?key=1 application/json');
      expect(JSON.parse(got[1])).toEqual(notice);
    });
  });

  test('that refuses, does not answer in time, or is not there is an error', async () => {
    await withHttp(500, async (url) => {
      await expect(notify(url, notice, 5000)).rejects.toThrow('it answered 500');
    });
    await withHttp(undefined, async (url) => {
      await expect(notify(url, notice, 300)).rejects.toThrow('the notification hook failed');
    });
    await expect(notify('http://127.0.0.1:1/', notice, 5000)).rejects.toThrow('the notification hook failed');
  });
});
