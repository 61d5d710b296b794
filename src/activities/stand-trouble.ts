import type { Silence } from '../domain/daq/stand.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { AcquireHeart, StandNews, Trouble } from '../domain/scan/stand-news.js';

/** Trouble that is over sooner is nobody's business. */
const toldAfterMs = 5000;

/** Whoever wants to end waits no longer for a reply. */
const impatienceMs = 2000;

/** What trouble needs from outside. */
export interface TroubleParts {
  /** Which of the stand's services keeps silent; a reply is missed after `patience` ms. */
  silence(patience?: number): Silence | undefined;
  /** Hands news to the scan; never rejects. */
  tell(news: StandNews): void;
  readonly attempt: number;
}

/**
 * Whether a stand gives what it is asked for. Trouble outlives the attempt that met it: it travels in the heartbeats, so
 * that it is known since when it lasts, and told once.
 */
export class StandTrouble {
  constructor(
    private readonly heart: AcquireHeart,
    private readonly parts: TroubleParts,
  ) {}

  /** Whether what is asked of the stand right now had better be given up. */
  isHopeless(): boolean {
    return this.parts.silence(impatienceMs) !== undefined;
  }

  /** To be called every second. */
  look(): void {
    const silence = this.parts.silence();
    if (silence !== undefined && this.heart.trouble === undefined) {
      this.begin({ kind: 'link', text: silence.service, since: new Date(silence.since).toISOString() });
    }
    const { trouble } = this.heart;
    if (trouble === undefined || trouble.told === true || Date.now() - Date.parse(trouble.since) < toldAfterMs) return;
    this.begin({ ...trouble, told: true });
    const { kind, text, since } = trouble;
    this.parts.tell({ at: Date.now(), waiting: { kind, text, since, tries: this.parts.attempt } });
  }

  /** The attempt has failed with what may be over at the next one. */
  failed(error: unknown): void {
    const found = troubleOf(error);
    if (found === undefined) return;
    const { trouble } = this.heart;
    const since = trouble?.since ?? new Date().toISOString();
    this.begin({ ...found, since, ...(trouble?.told === true ? { told: true } : {}) });
    this.look();
  }

  /** A run was measured. */
  over(): void {
    const { trouble } = this.heart;
    this.heart.trouble = undefined;
    if (trouble?.told === true) this.parts.tell({ at: Date.now() });
  }

  private begin(trouble: Trouble): void {
    this.heart.trouble = trouble;
  }
}

/** What the stand did not do; undefined where it is not the stand's matter. */
function troubleOf(error: unknown): Pick<Trouble, 'kind' | 'text'> | undefined {
  if (!(error instanceof DatenraffinerieError)) return undefined;
  const [text] = error.message.split('\n', 1);
  if (error.type === 'LinkError' || error.type === 'TimeoutError') return { kind: 'link', text };
  return error.type === 'StandError' ? { kind: 'retry', text: `success acquiring: ${text}` } : undefined;
}
