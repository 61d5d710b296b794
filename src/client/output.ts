import { once } from 'node:events';

/** Writes results to stdout piece by piece, waiting where the reader is slow; a reader that goes away ends it quietly. */
export async function writeResult(pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  let closed = false;
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  };
  process.stdout.on('error', onError);
  for await (const piece of pieces) {
    if (closed) break;
    if (!process.stdout.write(piece))
      await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]);
  }
}
