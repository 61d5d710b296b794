import { describe, expect, it } from 'vitest';
import { formatBytes, formatSeconds, formatTime } from '../../../src/domain/report/format.js';
import { html, table } from '../../../src/domain/report/html.js';

describe('html', () => {
  it('escapes text and leaves HTML alone', () => {
    expect(html`<b title="${`"'`}">${'<script>&'}</b>${html`<i>${1}</i>`}${undefined}`.text).toBe(
      '<b title="&quot;&#39;">&lt;script&gt;&amp;</b><i>1</i>',
    );
  });

  it('sets numbers right', () => {
    const { text } = table(['a'], [['1.5'], ['-2e-7'], ['text 1']]);
    expect(text.match(/class="number"/g)).toHaveLength(2);
  });
});

describe('format', () => {
  it.each([
    [formatBytes(0), '0 B'],
    [formatBytes(13_370_000), '13.4 MB'],
    [formatBytes(2.5e12), '2.50 TB'],
    [formatSeconds(0.346), '0.35 s'],
    [formatSeconds(200), '3 min 20 s'],
    [formatSeconds(18_720), '5 h 12 min'],
    [formatTime('2026-11-24T06:54:24.971Z'), '2026-11-24 06:54:24 UTC'],
    [formatTime(''), ''],
  ])('%s', (found, expected) => expect(found).toBe(expected));
});
