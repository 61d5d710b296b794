const level = /^(DEBUG|INFO|WARN|ERROR) /;

/**
 * A line of a log: `2026-11-27T03:12:05Z WARN worker daq (lab): text`; UTC, since logs of several computers are read side by
 * side.
 * @param text may begin with its level
 */
export function logLine(part: string, text: string, now: Date): string {
  const found = level.exec(text)?.[1] ?? 'INFO';
  const rest = text.replace(level, '');
  const said = rest.startsWith(`${part}: `) || part === '' ? rest : `${part}: ${rest}`;
  return `${now.toISOString().slice(0, 19)}Z ${found} ${said}`;
}
