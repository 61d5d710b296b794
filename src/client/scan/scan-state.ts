import type { Client } from '@temporalio/client';
import type { LiveState } from '../../domain/report/live-page.js';
import { waitingRemedy, waitingText } from '../../domain/scan/notes.js';
import { clockText, formatCounts } from '../text/progress-text.js';
import { connectClient, type ConnectedClient } from '../../io/temporal/connection.js';
import { liveProgress } from './live-progress.js';

/** Whoever looks at a page does not wait longer for a server. */
const connectMs = 1000;

/** Asks a server again and again, on one connection; one that is away is looked for anew. */
export class ScanStates {
  private connected: Promise<ConnectedClient> | undefined;

  /** What a scan does; says so where it cannot be asked. */
  async of(id: string): Promise<LiveState> {
    try {
      const { client } = await (this.connected ??= connectClient({ timeoutMs: connectMs }));
      return await stateOf(client, id);
    } catch (error) {
      await this.close();
      const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      return { phase: 'unknown', waiting: `the scan cannot be asked: ${why}`, remedy: '', procedures: [] };
    }
  }

  async close(): Promise<void> {
    const last = this.connected;
    this.connected = undefined;
    await last?.then(
      ({ close }) => close(),
      () => undefined,
    );
  }
}

async function stateOf(client: Client, id: string): Promise<LiveState> {
  const progress = await liveProgress(client, id);
  const procedures = progress.procedures.map((each) => ({
    name: each.name,
    state: each.state,
    text: [waitingText(each, clockText), formatCounts(each)].filter((text) => text !== '').join('; '),
  }));
  const said = { waiting: waitingText(progress, clockText), remedy: waitingRemedy(progress) };
  return { phase: progress.phase, ...said, procedures };
}
