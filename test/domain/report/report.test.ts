import { describe, expect, it } from 'vitest';
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
