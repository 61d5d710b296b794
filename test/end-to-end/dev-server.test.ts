import { describe, expect, it } from 'vitest';
import { searchAttributeNames } from '../../src/workflows/names.js';
import { withServer } from '../support/temporal/server.js';

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
});
