import type { ScanContext } from '../domain/scan/tasks.js';
import { checkMarker } from '../io/output/output-folder.js';
import { withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';

/** Work in a scan's output folder: with heartbeats that carry `heart`, and only where the folder is the one meant. */
export function beating<T>(context: ScanContext, heart: object, body: () => Promise<T>): Promise<T> {
  return withHeartbeat(
    () => heart,
    () =>
      withFailures(async () => {
        await checkMarker(context.output, context.marker);
        return body();
      }),
  );
}
