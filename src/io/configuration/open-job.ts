import type { ScanInput } from '../../domain/scan/scan-input.js';
import type { NetworkReference, OpenedProcedure } from '../../domain/scan/tasks.js';
import { freezeNetwork } from './frozen-network.js';
import { freezeScan, readScan, type ReadScan } from './scan-opening.js';

/** What of a scan that was read must be known before its folder is taken. */
export interface ReadFacts {
  readonly stand: string;
  readonly warnings: readonly string[];
}

/** What a scan keeps in its folder. */
export interface FrozenScan {
  readonly network: NetworkReference | null;
  readonly procedures: readonly OpenedProcedure[];
}

/** Of the last input: a thread reads one scan, and then freezes it. */
let last: { readonly of: string; readonly read: ReadScan } | undefined;

/** Runs in a thread: reads and checks everything; writes nothing. */
export async function readJob(input: ScanInput): Promise<ReadFacts> {
  const { stand, warnings } = await readOnce(input);
  return { stand, warnings };
}

/** Runs in the same thread: freezes what was read into the output folder. */
export async function freezeJob(input: ScanInput): Promise<FrozenScan> {
  const read = await readOnce(input);
  const network = read.network === undefined ? null : await freezeNetwork(read.network, input.output);
  return { network, procedures: await freezeScan(read, input.output) };
}

async function readOnce(input: ScanInput): Promise<ReadScan> {
  const of = JSON.stringify(input);
  last = last?.of === of ? last : { of, read: await readScan(input) };
  return last.read;
}
