import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/**
 * Does something that takes its time, and gives it up where nobody is interested any more.
 * @returns undefined where it was given up
 */
export async function unlessOver<T>(over: () => boolean, body: () => Promise<T>): Promise<T | undefined> {
  const scope = new CancellationScope();
  let done: { readonly result: T } | undefined;
  const doing = scope.run(async () => {
    done = { result: await body() };
  });
  const ended = doing.catch((error: unknown) => {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
  });
  await Promise.race([ended, condition(() => done !== undefined || over())]);
  scope.cancel();
  await ended;
  return done?.result;
}
