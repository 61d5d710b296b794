import { describe, expect, it } from 'vitest';
import { channelMap } from '../../../src/analyses/plots/channel-map.js';
import { svgToPng } from '../../../src/io/plot/png.js';
import { plotSvg } from '../../../src/io/plot/svg.js';

const cells = Array.from({ length: 78 }, (_, i) => ({
  chip: 0,
  type: i < 72 ? 0 : i < 74 ? 1 : 100,
  channel: i < 72 ? i : i < 74 ? i - 72 : i - 74,
  value: i * i,
  flag: i === 7 ? 'noisy' : undefined,
}));
const spec = channelMap({ title: 'noise [ADC counts]', cells }, { text: 'Noise', subtitle: 'board 1' });

describe('plots', () => {
  it('are the same bytes whenever they are drawn', async () => {
    const [first, second] = [await plotSvg(spec), await plotSvg(spec)];
    expect(second).toBe(first);
    expect(Buffer.compare(svgToPng(first), svgToPng(second))).toBe(0);
  });

  it('carry title, axes, units, every channel, and a frame around flagged ones', async () => {
    const svg = await plotSvg(spec);
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);
    expect(texts).toEqual(
      expect.arrayContaining(['Noise', 'board 1', 'noise [ADC counts]', 'chip 0', '0', '71', 'cal 1', 'cm 3']),
    );
    expect(svg.match(/#ff2020/g)).toHaveLength(1);
  });

  it('become pictures with real letters: text makes a difference to the pixels', async () => {
    const svg = await plotSvg(spec);
    const png = svgToPng(svg);
    expect(Buffer.from(png.subarray(0, 8)).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect(png.length).toBeGreaterThan(1.2 * svgToPng(svg.replaceAll(/<text[^]*?<\/text>/g, '')).length);
  });

  it('tell what is wrong with a specification', async () => {
    await expect(plotSvg({ data: { values: [] }, mark: 'no-such-mark' })).rejects.toThrow();
  });
});
