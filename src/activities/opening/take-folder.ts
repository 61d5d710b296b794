/**
 * Room: what opening a scan takes: the output folder from whoever had it, and a heart that counts its tries.
 * May use: domain, domain/scan, io/output.
 */

import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { lockedProcedures, moveOldAside, proceduresIn } from '../../io/output/output-folder.js';
import { isCopied, ownersBeat, ownPlace, readOwner, writeOwner, type Owner } from '../../io/output/owner.js';
import type { FolderServer } from './folder-server.js';

/** Twice as long as an owner that lives needs to renew its file, and then some. */
const lookAgainMs = 12_000;
/** Procedures of a scan that was ended from outside make the stand quiet before they end. */
const leftoversMs = 30_000;
const pollMs = 1000;

/** Who wants a folder. */
export interface Claim {
  readonly scan: string;
  readonly firstRunId: string;
}

/** One scan at a time writes into a folder, whatever server, host or user it belongs to: another is refused. */
export async function takeFolder(server: FolderServer, input: ScanInput, { scan, firstRunId }: Claim): Promise<void> {
  const { output } = input;
  const owner = await readOwner(output);
  if (owner?.workflowId === scan && owner.firstRunId === firstRunId) return; // an earlier attempt of this activity
  const namespaceId = await server.namespaceId();
  if (owner !== undefined) {
    const isOver = owner.closed !== undefined || (await isCopied(owner, output));
    if (!isOver) await checkOver(server, { owner, namespaceId, input, scan });
    await refuseLocked(output, owner);
  }
  const now = new Date().toISOString();
  if (input.fresh === true) await moveOldAside(output, now.replaceAll(':', '-'));
  const { namespace } = activityInfo();
  const where = { namespace, namespaceId, output: await realpath(output), ...ownPlace() };
  await writeOwner(output, { workflowId: scan, firstRunId, started: now, ...where });
}

interface Doubt {
  readonly owner: Owner;
  /** Ours. */
  readonly namespaceId: string;
  readonly input: ScanInput;
  readonly scan: string;
}

/** Returns where an owner that has not closed its folder is over all the same; throws where it is not, or may not be. */
async function checkOver(server: FolderServer, doubt: Doubt): Promise<void> {
  const { owner, namespaceId, input, scan } = doubt;
  const isOurs = owner.namespaceId === namespaceId || owner.namespaceId === undefined;
  const runs = isOurs ? await server.runs(owner) : undefined;
  if (runs === true) throw busy(`the scan '${owner.workflowId}' is writing into ${input.output}`, abortIt(owner));
  if (isOurs && (runs === false || owner.namespaceId !== undefined)) {
    if (owner.workflowId !== scan) await waitForLeftovers(server, owner, input.output);
    return;
  }
  if (!isDatabaseLost(owner)) await checkTakeOver(owner, input);
}

/** The same server of our own, begun anew without its database: nobody else could go on with the scan. */
function isDatabaseLost({ host, user, data }: Owner): boolean {
  const here = ownPlace();
  return data !== undefined && data === here.data && host === here.host && user === here.user;
}

/** Another server's scan cannot be asked about: whoever says that it is over must say so, and it must be silent. */
async function checkTakeOver(owner: Owner, { output, takeOver }: ScanInput): Promise<void> {
  const who = `the scan '${owner.workflowId}' of another Temporal server (${describeOwner(owner)})`;
  if (takeOver !== true) {
    const remedy =
      'let it end or abort it there, or choose another --output; --take-over where that server is gone for good';
    throw busy(`${who} is writing into ${output}`, remedy);
  }
  const before = await ownersBeat(output);
  await delay(lookAgainMs, undefined, { signal: cancellationSignal() });
  if ((await ownersBeat(output)) === before) return;
  throw busy(`${who} lives: it said so in ${output} while we looked`, 'abort it there, or choose another --output');
}

/** Of a scan that was terminated, deleted or reset away with Temporal's own tools. */
async function waitForLeftovers(server: FolderServer, owner: Owner, output: string): Promise<void> {
  const names = await proceduresIn(output);
  for (let end = Date.now() + leftoversMs; ;) {
    const left = await server.leftovers(owner.workflowId, names);
    if (left.length === 0) return;
    if (Date.now() > end) {
      const what = `${left.join(', ')} of the scan '${owner.workflowId}', which is over, still writes into ${output}`;
      throw busy(what, `it ends by itself; 'temporal workflow cancel' on ${owner.workflowId}/… hurries it`);
    }
    await delay(pollMs, undefined, { signal: cancellationSignal() });
  }
}

/** What the kernel says: some process of this host is writing at this moment. */
async function refuseLocked(output: string, owner: Owner): Promise<void> {
  const [locked] = await lockedProcedures(output);
  if (locked === undefined) return;
  throw busy(`${locked.holder} is writing into ${locked.folder}`, abortIt(owner));
}

function abortIt({ workflowId }: Owner): string {
  return `wait for it, abort it ('datenraffinerie abort ${workflowId}'), or choose another --output`;
}

function describeOwner({ namespace, host, user, started }: Owner): string {
  const where = host === undefined ? 'begun by version 2.0.0' : `${user ?? 'somebody'} on ${host}`;
  return `namespace ${namespace}, ${where}, since ${started}`;
}

function busy(message: string, remedy: string): DatenraffinerieError {
  return new DatenraffinerieError('BusyError', message, { remedy });
}
