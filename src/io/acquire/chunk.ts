/**
 * Room: a run from the stand to the manifest. A run counts when its line in the manifest is on disk.
 * May use: domain/*, io, io/output, io/stand.
 */

import { eventsOf } from '../../domain/config/roots.js';
import { formatYaml } from '../../domain/config/yaml/yaml.js';
import type { RunTaken } from '../../domain/daq/stand.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { keepNotes, noted, notesKept, type Note } from '../../domain/scan/notes.js';
import type { AcquireEnd, AcquireOutcome } from '../../domain/scan/tasks.js';
import type { AcquireWork, Candidate } from './acquire-job.js';
import { countFailure } from './count-failure.js';
import { rawName } from '../output/paths.js';
import { compareRuns, tellMismatch } from '../output/reuse.js';
import type { RawSpool } from './raw-spool.js';
import { RunApproach } from './run-approach.js';

type RunTimes = Pick<ManifestLine, 'start' | 'end'>;

/** The runs of a chunk: one in hand, the next one announced, the last one being made durable. */
export class Chunk {
  private readonly start = Date.now();
  private readonly approach: RunApproach;
  private acquired = 0;
  private reused = 0;
  private quarantined = 0;
  private shortRuns = 0;
  private notes: readonly Note[] = [];
  private finishing: Promise<void> = Promise.resolve();
  private unfinished: (() => Promise<void>) | undefined;

  constructor(private readonly job: AcquireWork) {
    this.approach = new RunApproach(job);
  }

  elapsed(): number {
    return (Date.now() - this.start) / 1000;
  }

  /** The first run from `from` on that must be measured. */
  async find(from: number): Promise<Candidate | undefined> {
    const { plan, manifest, failures } = this.job;
    for await (const { run, key, why } of compareRuns(manifest, plan, { from })) {
      const failure = failures.quarantined(run, key);
      if (failure !== undefined) {
        this.quarantined++;
        this.note({ kind: 'quarantined', text: `run ${run} is quarantined: ${failure}` });
      } else if (why === undefined) {
        this.reused++;
      } else {
        const text = tellMismatch(run, why);
        if (text !== undefined) this.note({ kind: 'again', text });
        return { run, key, state: plan.state(run) };
      }
    }
    return undefined;
  }

  /** Lets the stand get ready for the run that will follow the one in hand. */
  announce(inHand: Candidate, next: Candidate | undefined): void {
    this.approach.announce(inHand, next);
  }

  /** Begins to take a run; `started` resolves when it goes on by itself, or has failed. */
  begin(candidate: Candidate): { readonly taking: Promise<void>; readonly started: Promise<void> } {
    let onStart = (): void => undefined;
    const started = new Promise<void>((resolve) => (onStart = resolve));
    const taking = this.take(candidate, onStart).finally(onStart);
    return { taking, started };
  }

  private async take(candidate: Candidate, onStart: () => void): Promise<void> {
    const raw = this.job.store.create(candidate.run);
    const start = new Date().toISOString();
    try {
      const taken = await this.drive(candidate, raw, onStart);
      const times = { start, end: new Date().toISOString() };
      this.finishLast();
      await this.finishing; // at most two runs in hand
      this.unfinished = () => this.finish(candidate, raw, times, taken);
    } catch (error) {
      await raw.discard();
      throw error;
    }
  }

  /** Makes the run that was taken last durable; begun when the next one is being taken, not between the two. */
  private finishLast(): void {
    if (this.unfinished === undefined) return;
    this.finishing = this.unfinished();
    this.finishing.catch(() => undefined); // thrown where it is awaited
    this.unfinished = undefined;
  }

  private async drive(candidate: Candidate, raw: RawSpool, onStart: () => void): Promise<RunTaken> {
    const run = await this.approach.reach(candidate);
    const begun = () => {
      this.finishLast();
      onStart();
    };
    try {
      return await this.approach.take(candidate, { ...run, onStart: begun }, raw);
    } catch (error) {
      await countFailure(this.job, candidate, error);
      throw error;
    }
  }

  private async finish(candidate: Candidate, raw: RawSpool, times: RunTimes, taken: RunTaken): Promise<void> {
    const { store, attempt, place, minEvents, onRun } = this.job;
    const eventsAsked = eventsOf(candidate.state);
    try {
      const bytes = await raw.close();
      if (taken.readings !== undefined) await this.keepReadings(candidate.run, taken.readings);
      const line = await store.finish({
        run: candidate.run,
        key: candidate.key,
        file: rawName(candidate.run),
        attempt,
        ...times,
        temporary: raw.temporary,
        raw: bytes,
        ...(eventsAsked === undefined ? {} : { eventsAsked }),
        ...(minEvents === undefined ? {} : { minEvents }),
        ...place,
        ...(taken.chipState === undefined ? {} : { chipState: formatYaml(taken.chipState) }),
        ...(taken.readings === undefined
          ? {}
          : { readings: Object.fromEntries([...taken.readings].filter(([, value]) => !Number.isNaN(value))) }),
      });
      this.count(line);
      onRun(candidate.run, this.acquired);
    } catch (error) {
      await countFailure(this.job, candidate, error);
      throw error;
    }
  }

  private async keepReadings(run: number, readings: ReadonlyMap<string, number>): Promise<void> {
    for (const name of await this.job.store.keepReadings([...readings.keys()])) {
      const text = `slow reading '${name}' is no column: the first run had none of that name (--fresh begins anew)`;
      if (!this.notes.some((note) => note.text === text)) this.note({ kind: 'columns', text });
    }
    for (const [name, value] of readings) {
      const begin = `slow reading '${name}' is NaN from run`;
      const isKnown = this.notes.some(({ text }) => text.startsWith(begin));
      if (Number.isNaN(value) && !isKnown) this.note({ kind: 'readings', text: `${begin} ${run} on, or for a while` });
    }
  }

  private count(line: ManifestLine): void {
    this.acquired++;
    if (line.short === true) this.shortRuns++;
  }

  /** @param why what it waits for, where it ends for that */
  async end(end: AcquireEnd, next: number, why?: Note): Promise<AcquireOutcome> {
    this.finishLast();
    await this.finishing;
    const { acquired, reused, quarantined, shortRuns } = this;
    const notes = why === undefined ? this.notes : [...this.notes.slice(0, notesKept - 1), why];
    const secondsPerRun = acquired === 0 ? 0 : this.elapsed() / acquired;
    const failed = this.job.failures.triesIn(this.job.from, next);
    return { end, next, acquired, reused, failed, quarantined, shortRuns, secondsPerRun, ...noted(notes) };
  }

  async settle(): Promise<void> {
    this.finishLast();
    await this.finishing.catch(() => undefined);
  }

  private note(note: Note): void {
    this.notes = keepNotes(this.notes, note);
  }
}
