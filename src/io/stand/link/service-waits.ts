import type { Silence } from '../../../domain/daq/stand.js';

interface Wait {
  readonly service: string;
  readonly since: number;
  /** When it has lasted longer than such an answer takes. */
  readonly overdue: number;
  /** A message of a stream comes when something happens, a reply because it was asked for. */
  readonly isStream: boolean;
}

/** A service that has needed this share of its time-out counts as silent. */
const usualShare = 0.5;
/** A command takes less, in s; time-outs beyond some minutes are those of whole runs. */
const commandSeconds = 15;
const runTimeout = 300;

/** What the services of a stand are being asked, and since when: so that silence can be told while it lasts. */
export class ServiceWaits {
  private readonly open = new Set<Wait>();

  /** @param seconds after which the answer is given up @returns what `end` takes */
  begin(service: string, seconds: number, isStream = false): Wait {
    const now = Date.now();
    const wait = { service, since: now, overdue: now + 1000 * patienceOf(seconds), isStream };
    this.open.add(wait);
    return wait;
  }

  end(wait: Wait): void {
    this.open.delete(wait);
  }

  /**
   * The service that has been silent for longest, of those that should have answered.
   * @param patience ms after which a reply is missed; left out: what is usual for the service
   */
  silence(patience?: number): Silence | undefined {
    const now = Date.now();
    const isMissed = ({ since, overdue, isStream }: Wait): boolean =>
      now >= overdue || (patience !== undefined && !isStream && now - since >= patience);
    const [first] = [...this.open].filter(isMissed).sort((a, b) => a.since - b.since);
    return first === undefined ? undefined : { service: first.service, since: first.since };
  }
}

function patienceOf(seconds: number): number {
  const share = usualShare * seconds;
  return seconds < runTimeout ? Math.min(commandSeconds, share) : share;
}
