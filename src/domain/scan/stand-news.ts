import type { Waiting } from './notes.js';

/** What is heard of a stand besides its data. */

/** A stand that does not answer, or whose runs fail. */
export interface Trouble extends Pick<Waiting, 'text' | 'since'> {
  readonly kind: 'link' | 'retry';
  /** The scan has heard of it. */
  readonly told?: true;
}

/** From an attempt at acquiring to its Well, at each change: what the stand does not do; nothing where it does again. */
export interface StandNews {
  /** When it was said, in ms since 1970: older ones may arrive later. */
  readonly at: number;
  readonly waiting?: Waiting;
}

/** What kept the stand from being met; null where it was. */
export type MeetOutcome = Pick<Waiting, 'text' | 'remedy'> | null;

/** What an attempt at a chunk says in its heartbeats. */
export interface AcquireHeart {
  /** The run measured last. */
  readonly run: number;
  /** Runs measured by this attempt. */
  readonly acquired: number;
  /** Runs measured by the attempts before it at the same chunk. */
  readonly before?: number;
  /** When a run was measured last, by this attempt or those before it; else when they began. ISO 8601, UTC. */
  readonly since: string;
  /** Set while the stand does not do what it is asked for. */
  trouble?: Trouble | undefined;
}
