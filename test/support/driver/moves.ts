import type { ActivityEnd, Job } from './jobs.js';
import type { Activity, Workflow, World } from './world.js';

/** Something that may happen next. */
export interface Move {
  readonly label: string;
  readonly make: () => Promise<void> | void;
}

/** Says which of `n` comes; always 0 is the plainest course of things. */
export type Chooser = (n: number) => number;

/** How activities may end: the first is the plain way. A `cancelled` one need not be among them. */
export type ActivityEnds = (activity: Activity) => readonly ActivityEnd[];

/** Choices that a number decides (mulberry32, a public-domain generator of 32 bits). */
export function chooseBy(seed: number): Chooser {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

/** All that may happen on a server next, whatever users do. */
export function serverMoves(world: World, ends: ActivityEnds, choose: Chooser): Move[] {
  const ready = [...world.workflows.values()].filter(isReady);
  const dueTimers = world.timers.filter(({ at }) => at === Math.min(...world.timers.map((timer) => timer.at)));
  return [
    ...ready.map((workflow) => ({
      label: `task of ${workflow.id}`,
      make: () => world.task(workflow, someJobs(workflow, choose)),
    })),
    ...world.sendings.map((sending) => ({
      label: `${sending.name} arrives at ${sending.target}`,
      make: () => world.deliver(sending),
    })),
    ...world.errands.map((errand) => ({ label: errand.label, make: () => world.runErrand(errand) })),
    ...world.startings.map((starting) => ({
      label: `start of ${starting.id}`,
      make: () => world.startChild(starting),
    })),
    ...world.activities.flatMap((activity) =>
      ends(activity).map((end) => ({
        label: `${activity.type} of ${activity.workflow.id}: ${end.label}`,
        make: () => world.endActivity(activity, end),
      })),
    ),
    ...dueTimers.map((timer) => ({ label: `timer of ${timer.workflow.id}`, make: () => world.fire(timer) })),
  ];
}

export function isReady({ inbox, tasks, end, heard }: Workflow): boolean {
  return end === undefined && heard === undefined && (inbox.length > 0 || tasks === 0);
}

/** Some or all of what has arrived, in any order: one task brings it all, or one thing after the other. */
function someJobs({ inbox }: Workflow, choose: Chooser): Job[] {
  const left = [...inbox];
  const count = left.length - choose(Math.max(1, left.length));
  const take = (): Job => {
    const may = left.filter((job) => !isTooEarly(job, left));
    return left.splice(left.indexOf(may[choose(may.length)]), 1)[0];
  };
  return Array.from({ length: count }, take);
}

/** A child has started before it ends. */
function isTooEarly({ resolveChildWorkflowExecution: end }: Job, left: readonly Job[]): boolean {
  return end != null && left.some(({ resolveChildWorkflowExecutionStart: start }) => start?.seq === end.seq);
}

/**
 * Lets everything go its plain way until nothing moves any more: tasks before messages, messages before activities,
 * and time passes only where nothing else happens.
 * @param most moves at most: what goes on for ever is waiting, too
 * @returns labels of the moves made
 */
export async function settle(world: World, ends: ActivityEnds, most = 400): Promise<string[]> {
  const made: string[] = [];
  while (made.length < most) {
    const [move] = serverMoves(world, ends, () => 0);
    if (move === undefined) break;
    made.push(move.label);
    await move.make();
  }
  return made;
}
