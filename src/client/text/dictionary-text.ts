import type { Meaning } from '../../domain/dictionary/dictionary.js';

/** What names mean, a paragraph each. */
export function formatMeanings(meanings: readonly Meaning[]): string {
  return meanings
    .map(({ name, where, range, unit, meaning }) => {
      const facts = [where, range, unit].filter((text) => text !== '').join('; ');
      return `${name}  (${facts})\n  ${meaning === '' ? 'meaning not known' : meaning}\n`;
    })
    .join('');
}
