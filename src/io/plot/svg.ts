/**
 * Room: plots as SVG and PNG, with fonts of our own.
 * May use: domain/analysis.
 */

import type { Config, TopLevelSpec } from 'vega-lite';
import type { PlotSpec } from '../../domain/analysis/interface.js';
import { textWidth } from './fonts.js';
import { plotTheme } from './theme.js';

declare module 'vega' {
  /** How Vega measures text; its own types leave it out. A function of ours is used where there is one. */
  export const textMetrics: { width: (item: TextItem, text: unknown) => number };
  interface TextItem {
    readonly fontSize?: number;
    readonly fontWeight?: string | number;
  }
}

/** Draws a Vega-Lite specification as SVG text; the same specification gives the same bytes. */
export async function plotSvg(spec: PlotSpec): Promise<string> {
  // loaded on use: the two take most of a second, and most processes never draw
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const themed = { ...spec, config: { ...plotTheme, ...configOf(spec) } };
  const compiled = vegaLite.compile(themed as unknown as TopLevelSpec, { logger: vega.logger(vega.Error) });
  vega.textMetrics.width = ({ fontSize = 11, fontWeight = 'normal' }, text) =>
    textWidth(String(text ?? ''), fontSize, fontWeight === 'bold' || Number(fontWeight) >= 600);
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logger: vega.logger(vega.Error) });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function configOf(spec: PlotSpec): Config {
  return typeof spec['config'] === 'object' && spec['config'] !== null ? spec['config'] : {};
}
