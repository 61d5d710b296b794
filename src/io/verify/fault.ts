/** What is not as it was, in a file. */
export interface Fault {
  readonly path: string;
  readonly message: string;
  readonly remedy?: string;
}

/** What was looked at in a procedure, for people: `12 runs, table of 936 rows`; and what is wrong with it. */
export interface Verified {
  readonly name: string;
  readonly type: 'daq' | 'analysis';
  readonly checked: string;
  readonly faults: readonly Fault[];
}

/** sha256 of a file (hex), which is read once however often it is asked for. */
export type Sha256Of = (path: string) => Promise<string>;
