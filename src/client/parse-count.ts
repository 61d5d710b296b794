import { InvalidArgumentError } from 'commander';

/** An option's value that counts something. */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`'${text}' is no count (0, 1, 2, …)`);
  return Number(text);
}
