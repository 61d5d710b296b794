import type { DataFormat } from '../procedure.js';
import type { RawDaq } from '../schema.js';
import { isMap, type ConfigMap } from '../value.js';
import { report, type Section } from '../yaml/validate.js';

/** What the words of channels are, by `CalibrationSC` of each half: 1 sends ADC, TOT and TOA in every word. */
const formats: ReadonlyMap<number, DataFormat> = new Map([
  [0, 'raw'],
  [1, 'characterisation'],
]);

/**
 * How the words of a procedure are read: in full mode as `CalibrationSC` of what is written to the chips says. Where
 * `data_format` says the contrary, or halves differ, ADC would be 0 or nonsense in silence: an error, unless it is forced.
 * Summaries are made of what every word has.
 * @param state default and init together
 */
export function dataFormatOf(section: Section, { mode, data_format: given }: RawDaq, state: ConfigMap): DataFormat {
  if (typeof given === 'object') return given.force;
  if (mode !== 'full') return given ?? 'raw';
  const told = calibrationValues(state);
  const only = told.size === 1 ? formats.get([...told][0]) : undefined;
  if (told.size > 1) {
    const message = 'CalibrationSC differs between halves: their words cannot be read alike';
    report(section, message, {
      keys: given === undefined ? [] : ['data_format'],
      remedy: `${forced}, or set it alike`,
    });
  } else if (only === undefined && given === undefined) {
    const message = 'no CalibrationSC says what the chips send: the words are taken for raw';
    report(section, message, { severity: 'warning', remedy: 'say data_format: raw or characterisation' });
  } else if (only !== undefined && given !== undefined && only !== given) {
    const message = `data_format is ${given}, but CalibrationSC makes the chips send ${only} words`;
    report(section, message, { keys: ['data_format'], remedy: `leave data_format out, or ${forced}` });
  }
  return given ?? only ?? 'raw';
}

const forced = 'write data_format: {force: raw} (or characterisation)';

/** Values of `CalibrationSC` in the halves that a configuration tells of. */
export function calibrationValues(state: ConfigMap): ReadonlySet<number> {
  const found = new Set<number>();
  const target = state.get('target');
  for (const chip of isMap(target) ? target.values() : []) {
    const halves = isMap(chip) ? chip.get('DigitalHalf') : undefined;
    for (const half of isMap(halves) ? halves.values() : []) {
      const value = isMap(half) ? half.get('CalibrationSC') : undefined;
      if (value !== undefined) found.add(Number(value));
    }
  }
  return found;
}
