import { Resvg } from '@resvg/resvg-js';
import { fontFiles } from './fonts.js';
import { fontFamily } from './theme.js';

/** Renders SVG text as a PNG with `scale` pixels per SVG unit. */
export function svgToPng(svg: string, scale = 2): Uint8Array {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    background: 'white',
    font: {
      fontFiles: [...fontFiles],
      loadSystemFonts: false,
      defaultFontFamily: fontFamily,
      sansSerifFamily: fontFamily,
    },
  });
  return resvg.render().asPng();
}
