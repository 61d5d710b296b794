/** Looks of every plot: readable at a glance on a screen across the room and on paper; one font, so that files are equal everywhere. */
export const fontFamily = 'DejaVu Sans';

export const plotTheme = {
  background: 'white',
  aria: false, // labels for screen readers on every point would be most of the file
  padding: 12,
  numberFormat: '~r', // no thousands separators: register values are read digit by digit
  font: `${fontFamily}, Verdana, sans-serif`,
  title: { fontSize: 16, subtitleFontSize: 12, subtitleColor: '#555', anchor: 'start', offset: 12 },
  axis: {
    labelFontSize: 11,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    gridColor: '#e4e4e4',
    labelOverlap: true,
    tickCount: 6,
  },
  header: { labelFontSize: 13, titleFontSize: 13, labelFontWeight: 'bold' },
  legend: { labelFontSize: 12, titleFontSize: 12, symbolSize: 90, symbolOpacity: 1, labelLimit: 260, titleLimit: 420 },
  view: { continuousWidth: 300, continuousHeight: 190 },
  line: { strokeWidth: 2 },
  point: { size: 34, filled: true },
  // colours that people with red-green blindness can tell apart (Okabe and Ito)
  range: {
    category: ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#999999'],
    heatmap: { scheme: 'viridis' },
    ramp: { scheme: 'viridis' },
  },
} as const;
