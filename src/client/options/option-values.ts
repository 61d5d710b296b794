/**
 * Room: values of options that several commands share, read and checked once.
 * May use: domain, domain/config/network, io/analysis.
 */

import { InvalidArgumentError } from 'commander';

/** An option's value that counts something. */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError(`'${text}' is no count (0, 1, 2, …)`);
  return Number(text);
}

/** The parser of an option's value that is a whole number within bounds. */
export function wholeNumber(least: number, most = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const bounds = most === Infinity ? `${least} on` : `${least} to ${most}`;
    throw new InvalidArgumentError(`a whole number from ${bounds} is wanted.`);
  };
}

/** An option's value that may have decimals, such as seconds or a rate. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is wanted.');
  return value;
}
