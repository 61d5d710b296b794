/** Where a line stands in a file, in bytes. */
export interface LinePlace {
  readonly offset: number;
  readonly length: number;
}

interface Page {
  /** −1: no line. */
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
}

/** Runs of a page: one number far from all others costs little. */
const pageRuns = 256;

/** Places of the lines of runs, by their numbers: 12 bytes a run, however many there are, and wherever they lie. */
export class LineIndex {
  private readonly pages = new Map<number, Page>();
  /** Number of different runs. */
  count = 0;

  set(run: number, offset: number, length: number): void {
    const number = Math.floor(run / pageRuns);
    const page = this.pages.get(number) ?? newPage();
    this.pages.set(number, page);
    const at = run % pageRuns;
    if (page.offsets[at] < 0) this.count++;
    page.offsets[at] = offset;
    page.lengths[at] = length;
  }

  get(run: number): LinePlace | undefined {
    const page = this.pages.get(Math.floor(run / pageRuns));
    const at = run % pageRuns;
    if (page === undefined || page.offsets[at] < 0) return undefined;
    return { offset: page.offsets[at], length: page.lengths[at] };
  }

  /** All runs that have a line, in order. */
  *runs(): Generator<number> {
    for (const number of [...this.pages.keys()].sort((a, b) => a - b)) {
      const offsets = this.pages.get(number)?.offsets ?? [];
      for (let at = 0; at < offsets.length; at++) if (offsets[at] >= 0) yield number * pageRuns + at;
    }
  }
}

function newPage(): Page {
  return { offsets: new Float64Array(pageRuns).fill(-1), lengths: new Uint32Array(pageRuns) };
}
