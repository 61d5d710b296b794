import { countText } from '../../domain/quantities.js';
import { boardLocks } from '../../io/stand/locks/board-lock.js';
import { standLocks } from '../../io/stand/locks/stand-lock.js';
import { look, note, ok, type Finding } from './finding.js';

/** Locks of stands of this user, and of boards of all: who has which. */
export async function stands(): Promise<Finding[]> {
  const found = await Promise.all([
    look('stands', async () => summary('stands', await standLocks())),
    look('boards', async () => summary('boards', await boardLocks())),
  ]);
  return found.flat();
}

interface Lock {
  readonly name: string;
  readonly isHeld: boolean;
  readonly text: string;
}

/** Those that nobody uses are many where stands are simulated. */
function summary(what: string, locks: readonly Lock[]): Finding[] {
  const held = locks.filter(({ isHeld }) => isHeld);
  const free = locks.length - held.length;
  return [
    ...held.map(({ name, text }) => note(what, `${name}: in use by ${text}`)),
    ok(what, held.length === 0 ? 'none is in use' : `${countText(free, 'other')} in use by nobody`),
  ];
}
