// A simulated stand in a process of its own, and how busy it was by its own clock.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('simulated-stand.js', import.meta.url));

/** Calls `use` with a stand whose runs last 20 ms: its `ports`, and `busy(act)`, its busy fraction while `act` goes on. */
export async function withStand(options, use) {
  const stand = fork(program, [JSON.stringify({ runSeconds: 0.02, ...options })]);
  const busy = async (act) => {
    await act();
    stand.send('busy?');
    const [{ busySeconds, elapsedSeconds }] = await once(stand, 'message');
    return busySeconds / elapsedSeconds;
  };
  try {
    const [ports] = await once(stand, 'message');
    return await use({ ports, busy });
  } finally {
    stand.disconnect();
  }
}

export function percent(fraction) {
  return `${(100 * fraction).toFixed(1)} %`;
}
