/*
 * Text from stands, files, analyses and other users goes to terminals, logs and the Web UI. What it can do there beside
 * being read is taken from it, once, where it leaves us.
 */

/** Colours and weights, which do nothing but look: `ESC [ 1;31 m`. */
// eslint-disable-next-line no-control-regex -- begins with ESC
const looks = /^\u001b\[[\d;]*m/;
/** Steers terminals (C0, C1), or the order in which text is shown. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Lines for a terminal or a log; control characters are shown by their numbers: `\x1b`. */
export function visibleText(text: string): string {
  return text.replaceAll(steering, (character, at: number) => {
    if (character === '\u001b' && looks.test(text.slice(at, at + 20))) return character;
    if (character === '\r' && text[at + 1] === '\n') return character;
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

/** On one line within Markdown: neither link, picture, table nor heading. */
export function markdownText(text: string): string {
  return visibleText(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll(/[\\`*[\]<|~]|(?<!\w)_|_(?!\w)/g, (character) => `\\${character}`);
}
