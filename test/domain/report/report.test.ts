import { describe, expect, it } from 'vitest';
import { anchor, html, table } from '../../../src/domain/report/html.js';

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

it('every section has an anchor of its own, whatever its procedure is called', () => {
  const names = ['pedestal_run.2', 'messung_ü', 'messung_ö', 'a b', 'a#b', 'a%20b'];
  const anchors = names.map((name) => anchor('daq', name));
  expect(anchors[0]).toBe('daq-pedestal_run.2');
  expect(new Set(anchors).size).toBe(names.length);
  expect(anchors.filter((text) => !/^[\w.%-]+$/.test(text))).toEqual([]);
});
