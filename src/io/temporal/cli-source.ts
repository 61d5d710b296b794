export interface FindOptions {
  /** Progress, one line at a time. */
  readonly log: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv;
}

export type Made = { readonly path: string } | { readonly reason: string };

/** A way to make a CLI in an empty folder: answers the binary's path, or why not. */
export type Source = (folder: string, options: FindOptions) => Promise<Made>;
