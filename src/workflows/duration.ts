const longestDays = 3650;
const longest = longestDays * 24 * 3600 * 1000;

/**
 * A duration of somebody else's making, in ms, as a timer takes it: whole, at least 1 (0 would be a wait without a timer),
 * at most ten years. What is no finite number was meant to be for ever: JSON makes null of infinity.
 */
export function waitingTime(seconds: unknown): number {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return longest;
  return Math.min(longest, Math.max(1, Math.round(seconds * 1000)));
}
