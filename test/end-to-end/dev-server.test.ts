import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { startDevServer } from '../../src/io/temporal/dev-server.js';
import { databaseFolder } from '../support/disk/folders.js';
import { searchAttributeNames } from '../../src/workflows/names.js';
import { temporalCli, withServer } from '../support/temporal/server.js';

const day = 24 * 60 * 60;

describe('dev server', () => {
  const server = withServer();

  it('has the search attributes and the retention asked for', async () => {
    const { operatorService, workflowService } = server.client.connection;
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: server.namespace });
    expect(Object.keys(customAttributes).sort()).toEqual([...searchAttributeNames].sort());
    const { config } = await workflowService.describeNamespace({ namespace: server.namespace });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(day);
  });

  it('keeps its workflows over a kill', async () => {
    const handle = await server.client.workflow.start('nobody', { workflowId: 'kept', taskQueue: 'none' });
    const before = server.pid;
    await server.kill();
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });

  it('has its database where it was told, whatever the folder is called', async () => {
    const folder = join(databaseFolder(), 'a?mode=memory#b%20c&d');
    mkdirSync(folder);
    const wishes = { searchAttributes: searchAttributeNames, retentionDays: 1, log: () => undefined };
    const start = () =>
      startDevServer({ cli: temporalCli(), port: 0, dbFilename: join(folder, 'temporal.db'), ...wishes });
    const idOf = async (address: string): Promise<string> => {
      const connection = await Connection.connect({ address });
      const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.close();
      return namespaceInfo?.id ?? '';
    };
    const first = await start();
    const id = await idOf(first.address);
    await first.stop();
    expect(readdirSync(folder)).toContain('temporal.db');
    const second = await start();
    expect(await idOf(second.address)).toBe(id);
    await second.stop();
  });
});
