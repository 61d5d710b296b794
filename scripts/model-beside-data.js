// Draws docs/images/simulator-*.png: the chip model beside the recorded injection scan (folder: first argument).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';
import { Resvg } from '@resvg/resvg-js';
import { boardRun } from '../dist/simulator/chip/board.js';
import { parseYaml } from '../dist/domain/config/yaml/yaml.js';
import { RawDecoder } from '../dist/domain/hgcroc/raw-decoder.js';
import { encodeRun } from '../dist/domain/hgcroc/encode.js';

const recorded = process.argv[2];
const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
const channels = [10, 20, 40, 50];
const phases = [0, 3, 6];
const events = 100;

/** Every event's adc, tot (where > 0), toa (where > 0) of chip 0's injected channels. */
function collect(bytes) {
  const values = new Map(channels.map((channel) => [channel, { adc: [], tot: [], toa: [] }]));
  const consume = ({ count, words, start, halfStride }) => {
    for (let record = 0; record < count; record++) {
      if (words[start[record] + 1] !== 0) continue;
      for (const channel of channels) addWord(values.get(channel), words[wordOf(start[record], halfStride, channel)]);
    }
  };
  const decoder = new RawDecoder([{ consume }]);
  decoder.push(bytes);
  decoder.end();
  return values;
}

/** The mean of the middle half of the values: as robust as a median, finer than a count; null where there are none. */
function middle(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const part = sorted.slice(Math.floor(sorted.length / 4), Math.ceil((3 * sorted.length) / 4));
  return part.length === 0 ? null : part.reduce((sum, value) => sum + value, 0) / part.length;
}

function wordOf(start, halfStride, channel) {
  const inHalf = channel % 36;
  return start + 4 + (channel < 36 ? 0 : halfStride) + 2 + inHalf + (inHalf < 18 ? 0 : 1);
}

function addWord(values, word) {
  const compressed = (word >>> 10) & 0x3ff;
  const tot = (compressed & 0x200) === 0 ? compressed : (compressed & 0x1ff) << 3;
  const toa = word & 0x3ff;
  values.adc.push((word >>> 20) & 0x3ff);
  if (tot > 0) values.tot.push(tot);
  if (toa > 0) values.toa.push(toa);
}

/** The model with the recorded run's registers; runs that do not name the phase were taken with phase 2, says their toa. */
function modelRun(calib, phase) {
  const reference = `{Calib: ${calib}, IntCtest: 1, Inv_vref: 300, Noinv_vref: 100, Toa_vref: 400, Tot_vref: 700}`;
  const half = '{CalibrationSC: 1, L1Offset: 10}';
  const injected = channels.map((channel) => `${channel}: {HighRange: 1}`).join(', ');
  const target = parseYaml(`roc_s0: {DigitalHalf: {0: ${half}, 1: ${half}}, Top: {0: {phase_strobe: ${phase || 2}}},
    ReferenceVoltage: {0: ${reference}, 1: ${reference}}, ch: {${injected}}}`);
  const board = boardRun({ seed: 1, chips: 1 }, target, new Map());
  const records = Array.from({ length: events }, (_, event) => board.event(event)).flat();
  return encodeRun(records, { layout: 'split' });
}

const rows = [];
for (const [p, phase] of phases.entries()) {
  for (let step = 0; step < 16; step++) {
    // the first run of phase 6 shows the charge of the run before it (1920): it is left out
    if (phase === 6 && step === 0) continue;
    const file = readFileSync(join(recorded, `test_run_${[1, 49, 97][p] + step}.raw`));
    for (const [source, bytes] of [
      ['recorded', file],
      ['model', modelRun(128 * step, phase)],
    ]) {
      for (const [channel, { adc, tot, toa }] of collect(bytes)) {
        const row = { source, phase: `phase ${phase === 0 ? 'not named' : phase}`, calib: 128 * step, channel };
        rows.push({ ...row, adc: middle(adc), tot: middle(tot), toa: middle(toa) });
      }
    }
  }
}

// toa counts from wherever the half's master TDC stands: its smallest value at phase 3 is taken off, modulo 1024
// what adc is above the pedestal is seen at phase 6, where it does not saturate; the pedestals are another board's
for (const source of ['recorded', 'model']) {
  for (const channel of channels) {
    const own = rows.filter((row) => row.source === source && row.channel === channel);
    const zero = own.find((row) => row.phase === 'phase 3' && row.calib === 1920).toa;
    const pedestal = own.find((row) => row.phase === 'phase 3' && row.calib === 0).adc;
    for (const row of own) row.height = row.phase === 'phase 6' ? row.adc - pedestal : null;
    for (const row of own) if (row.toa !== null) row.toa = ((row.toa - zero + 512 + 1024) % 1024) - 512;
  }
}

async function draw(quantity, title) {
  const color = { field: 'channel', type: 'nominal', title: 'channel' };
  const x = { field: 'calib', type: 'quantitative', title: 'Calib (DAC steps)' };
  const y = { field: quantity, type: 'quantitative', title, scale: { zero: false } };
  const layer = (source, mark) => ({ transform: [{ filter: `datum.source === '${source}'` }], mark });
  const spec = {
    data: { values: rows.filter((row) => row[quantity] !== null) },
    config: { font: 'DejaVu Sans', background: 'white' },
    facet: { column: { field: 'phase', type: 'nominal', title: `${title}: points recorded, lines model (chip 0)` } },
    spec: {
      width: 230,
      height: 200,
      encoding: { x, y, color },
      layer: [
        layer('recorded', { type: 'point', filled: true, size: 25 }),
        layer('model', { type: 'line', strokeWidth: 1.2 }),
      ],
    },
  };
  const svg = await new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' }).toSVG();
  const font = {
    loadSystemFonts: false,
    fontDirs: [fileURLToPath(new URL('../node_modules/dejavu-fonts-ttf/ttf/', import.meta.url))],
    defaultFontFamily: 'DejaVu Sans',
  };
  writeFileSync(join(images, `simulator-${quantity}.png`), new Resvg(svg, { font }).render().asPng());
}

mkdirSync(images, { recursive: true });
await draw('adc', 'adc (counts)');
await draw('height', 'adc − adc at Calib 0 (counts)');
await draw('tot', 'tot (counts)');
await draw('toa', 'toa − toa at phase 3, largest charge (counts)');
for (const quantity of ['adc', 'height', 'tot', 'toa']) {
  const model = new Map(
    rows.filter((r) => r.source === 'model').map((r) => [`${r.phase} ${r.calib} ${r.channel}`, r[quantity]]),
  );
  const differences = rows
    .filter((r) => r.source === 'recorded' && r[quantity] !== null)
    .map((r) => [r[quantity], model.get(`${r.phase} ${r.calib} ${r.channel}`)])
    .filter(([, m]) => m !== null)
    .map(([d, m]) => Math.abs(d - m))
    .sort((a, b) => a - b);
  const at = (fraction) => differences[Math.floor(fraction * (differences.length - 1))].toFixed(1);
  console.log(
    `${quantity}: |model − recorded| median ${at(0.5)}, 90 % within ${at(0.9)}, of ${differences.length} points`,
  );
}
