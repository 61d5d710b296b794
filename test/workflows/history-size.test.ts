import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { daqProcedure, fakeActivities, withWorkers } from '../support/temporal/fake-scan.js';
import { scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

/** Events of a scan's own history, for docs/temporal.md: so many procedures, or DATENRAFFINERIE_TEST_PROCEDURES. */
const procedures = Number(process.env['DATENRAFFINERIE_TEST_PROCEDURES'] ?? 100);
const server = withServer();
const { start } = scanClient(server);

test(`a scan of ${procedures} procedures stays within its bound of events`, async () => {
  const stand = `s-${randomUUID()}`;
  const names = Array.from({ length: procedures }, (_, i) => `p${i}`);
  const fake = fakeActivities(
    names.map((name) => daqProcedure(name)),
    stand,
  );
  await withWorkers(server, stand, fake, async () => {
    const handle = await start(stand);
    await handle.result();
    const events = Number((await handle.describe()).historyLength);
    const well = Number((await server.client.workflow.getHandle(`${stand}/daq/p0`).describe()).historyLength);
    process.stdout.write(`${procedures} procedures: ${events} events of the scan, ${well} of a Well\n`);
    const each = procedures > 100 ? 17 : 40;
    expect(events).toBeLessThan(60 + each * procedures);
  });
}, 600_000);
