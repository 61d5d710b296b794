import { patched } from '@temporalio/workflow';
import { release } from './names.js';

/**
 * Whether this workflow may make commands that 2.0.0 does not know: whether a worker of 2.1 has begun it. Asked once,
 * when it begins, and kept in a const: later `patched` may say something else. Only a scan asks. Its children are told by
 * their task, and stands by their input: a marker in their history would keep a worker of 2.0.0 from going on with it,
 * after a rollback.
 */
export function isNewer(): boolean {
  return patched(release);
}
