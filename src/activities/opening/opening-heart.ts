import { activityInfo, heartbeat } from '@temporalio/activity';
import { DatenraffinerieError } from '../../domain/errors.js';

/** Twice may be chance: a computer that was switched off, a worker that was killed. */
const deathsAtMost = 2;

/** What an attempt to open a scan leaves for the next one. */
export interface OpeningHeart {
  /** Workers that died while they opened this scan. */
  readonly deaths: number;
  /** Whether this attempt came to an end of its own. */
  ended: boolean;
}

export function openingHeart(): OpeningHeart {
  const before = activityInfo().heartbeatDetails as Partial<OpeningHeart> | null | undefined; // ours, or none
  const deaths = (before?.deaths ?? 0) + (before?.ended === false ? 1 : 0);
  return { deaths, ended: false };
}

/**
 * Runs `body`; the next attempt can tell that this one ended by itself. Throws ConfigError where the scan has cost too
 * many workers their lives: it would take the next one, too.
 */
export async function whileAlive<T>(heart: OpeningHeart, body: () => Promise<T>): Promise<T> {
  try {
    if (heart.deaths >= deathsAtMost) throw tooManyDeaths();
    return await body();
  } finally {
    heart.ended = true;
    heartbeat(heart);
  }
}

function tooManyDeaths(): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `reading this scan's configuration has ended its worker twice`, {
    remedy: 'look at the log of the workflow worker; ask for fewer procedures at a time',
  });
}
