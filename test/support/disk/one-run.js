// Acquires one run into a folder as a daq worker does, in a process of its own, and prints its manifest line with the
// largest resident set in kB. Arguments: folder, network file, events.
import { parseYaml } from '../../../dist/domain/config/yaml/yaml.js';
import { readNetwork } from '../../../dist/io/configuration/network-reader.js';
import { RunStore } from '../../../dist/io/acquire/run-store.js';
import { rawName } from '../../../dist/io/output/paths.js';
import { openStand } from '../../../dist/io/stand/open-stand.js';

const [folder, network, events] = process.argv.slice(2);
const { signal } = new globalThis.AbortController(); // never aborted
const state = parseYaml(`target: {roc_s0: {DigitalHalf: {0: {CalibrationSC: 1}}}}
daq: {active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: ${events}}}}`);

const store = await RunStore.open(folder);
const driver = openStand(await readNetwork(network), { tokenFile: `${folder}/token` });
const raw = store.create(0);
await driver.begin({ defaultState: state, state, runStartTdcProcedure: false }, signal);
await driver.takeRun({ index: 0, state, send: undefined, events: Number(events) }, raw, signal);
const bytes = await raw.close();
const times = { start: '', end: '', attempt: 1 };
const line = await store.finish({
  run: 0,
  key: '',
  file: rawName(0),
  ...times,
  temporary: raw.temporary,
  raw: bytes,
});
await driver.close();
await store.close();
console.log(JSON.stringify({ ...line, peak: process.resourceUsage().maxRSS }));
