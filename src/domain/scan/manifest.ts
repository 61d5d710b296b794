/** One line of `manifest.jsonl`: a run that is safely on disk (raw file fsynced and renamed before the line is written). */
export interface ManifestLine {
  readonly run: number;
  /** Run key: another one means that the run was measured with another configuration. */
  readonly key: string;
  /** Relative to the manifest's folder: `raw/run_00012.raw`. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Modification time of the file in ms, for quick comparison. */
  readonly mtimeMs: number;
  readonly events: number;
  readonly truncatedBytes: number;
  readonly corruptHalves: number;
  readonly attempt: number;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
  readonly board?: string;
  /** Name of the stand, and where it was reached: absent from lines of 2.0.0. */
  readonly stand?: string;
  readonly address?: string;
  /** Fewer than half of the events asked for. */
  readonly short?: boolean;
  readonly readings?: Readonly<Record<string, number>>;
}
