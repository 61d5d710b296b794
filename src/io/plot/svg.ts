import type { Config, TopLevelSpec } from 'vega-lite';
import type { PlotSpec } from '../../domain/analysis/interface.js';
import { plotTheme } from './theme.js';

/** Draws a Vega-Lite specification as SVG text; the same specification gives the same bytes. */
export async function plotSvg(spec: PlotSpec): Promise<string> {
  // loaded on use: the two take most of a second, and most processes never draw
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  const themed = { ...spec, config: { ...plotTheme, ...configOf(spec) } };
  const compiled = vegaLite.compile(themed as unknown as TopLevelSpec, { logger: vega.logger(vega.Error) });
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
