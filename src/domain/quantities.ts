// Quantities as people read them, on the command line, in the Web UI and in reports. A number is rounded before its
// unit is chosen: 999,600 bytes are 1 MB and not 1000 kB, 59.7 s are 1 min and not 60 s.

/** `1,000 runs`, `1 run`; `1,000` without a noun. */
export function countText(count: number, noun?: string): string {
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return noun === undefined ? digits : `${digits} ${noun}${count === 1 ? '' : 's'}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `512 B`, `99.7 kB`, `13.4 MB`: three digits, and powers of 1000, as disks are sold. */
export function bytesText(bytes: number): string {
  let [value, unit] = [Math.round(bytes), 0];
  while (threeDigits(value) >= 1000 && unit < byteUnits.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${threeDigits(value)} ${byteUnits[unit]}`;
}

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}

/** `0.35 s`, `12 s`, `3 min 20 s`, `5 h 12 min`, `3 d 4 h`; what is nothing is left out: `3 h`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 10) return `${Number(seconds.toFixed(2))} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return inTwoUnits(whole, 60, ['min', 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return inTwoUnits(minutes, 60, ['h', 'min']);
  return inTwoUnits(Math.round(seconds / 3600), 24, ['d', 'h']);
}

function inTwoUnits(value: number, size: number, [large, small]: readonly [string, string]): string {
  const rest = value % size;
  return `${Math.floor(value / size)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** `2026-11-24 06:54:24 UTC` from ISO 8601; empty stays empty. */
export function timeText(iso: string): string {
  return iso === '' ? '' : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
