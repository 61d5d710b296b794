// Turns a raw file of so many events into packed event rows with configuration columns, drops them, and prints the
// largest resident set in kB.
import { EventColumns } from '../dist/domain/hgcroc/event-columns.js';
import { RawDecoder } from '../dist/domain/hgcroc/raw-decoder.js';
import { buildTableLayout } from '../dist/domain/table/build-layout.js';
import { eventRows, RowPacker } from '../dist/domain/table/pack.js';
import { eventBlock, streamRun } from './raw-input.js';

const chip = () => new Map([['ReferenceVoltage', new Map([0, 1].map((half) => [half, new Map([['Calib', half]])]))]]);
const startState = new Map([['target', new Map([0, 1, 2].map((number) => [`roc_s${number}`, chip()]))]]);
const { layout } = buildTableLayout({ mode: 'full', dataColumns: [], startState, axes: [] });
const packer = new RowPacker(layout);
packer.setRun(startState, new Map());

let bytes = 0;
const columns = new EventColumns('raw', (batch) => (bytes += packer.pack(eventRows(batch)).length));
const decoder = new RawDecoder([columns]);
const events = Number(process.argv[2]);
streamRun(events, eventBlock('raw'), (piece) => decoder.push(piece));
const facts = decoder.end();
columns.flush();
if (facts.events !== events) throw new Error(`${facts.events} events decoded of ${events}`);
if (bytes === 0) throw new Error('no rows');
console.log(process.resourceUsage().maxRSS);
