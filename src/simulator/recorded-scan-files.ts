/** A recorded injection scan over a grid of `phase_strobe` and `Calib`. */
export interface RecordedScanShape {
  readonly seed: number;
  readonly chips: number;
  /** Events of a run. */
  readonly events: number;
  /** Number of values of `phase_strobe`: 0, phaseStep, 2 · phaseStep, … */
  readonly phases: number;
  readonly phaseStep: number;
  /** Number of values of `Calib`: 0, calibStep, 2 · calibStep, … */
  readonly calibs: number;
  readonly calibStep: number;
  /** Duration of a replayed run. */
  readonly runSeconds: number;
}

const heading = '# Written by the simulator together with the raw files in recorded/.\n';

/** The power-on state: what the scan moves, and the columns that people look at. */
export function defaultConfiguration(shape: RecordedScanShape): string {
  const chips = Array.from({ length: shape.chips }, (_, chip) => chipConfiguration(chip)).flat();
  return `${heading}${['target:', ...chips, ...daqPart(shape.events)].join('\n')}\n`;
}

function chipConfiguration(chip: number): readonly string[] {
  const channels = Array.from({ length: 72 }, (_, n) => `      ${n}: {HighRange: 0, LowRange: 0, trim_inv: 0}`);
  const reference = 'Calib: 0, IntCtest: 0, Inv_vref: 300, Noinv_vref: 100, Toa_vref: 400, Tot_vref: 700';
  return [
    `  roc_s${chip}:`,
    '    DigitalHalf:',
    ...[0, 1].map((half) => `      ${half}: {CalibrationSC: 0, L1Offset: 10}`),
    '    ReferenceVoltage:',
    ...[0, 1].map((half) => `      ${half}: {${reference}}`),
    '    Top:',
    '      0: {RunL: 0, RunR: 0, phase_strobe: 0}',
    '    ch:',
    ...channels,
  ];
}

function daqPart(events: number): readonly string[] {
  return [
    'daq:',
    '  active_menu: calibAndL1A',
    '  menus:',
    `    calibAndL1A: {NEvents: ${events}}`,
    'client:',
    '  hw_type: LD',
  ];
}

/** The procedure that measures the grid again, in the order of the files. */
export function mainFile(shape: RecordedScanShape): string {
  const chips = `[${Array.from({ length: shape.chips }, (_, chip) => `roc_s${chip}`).join(', ')}]`;
  const range = (count: number, step: number) => `{start: 0, stop: ${count * step}, step: ${step}}`;
  const chipLines = Array.from({ length: shape.chips }, (_, chip) => injectionSettings(chip)).flat();
  return `${heading}procedures:
  - name: injection_scan
    type: daq
    system_settings:
      default: default.yaml
      override:
        target:
${chipLines.map((line) => `          ${line}`).join('\n')}
    parameters:
      - key: [target, ${chips}, Top, 0, phase_strobe]
        values: ${range(shape.phases, shape.phaseStep)}
      - key: [target, ${chips}, ReferenceVoltage, [0, 1], Calib]
        values: ${range(shape.calibs, shape.calibStep)}
    data_format: characterisation
    mode: summary
`;
}

function injectionSettings(chip: number): readonly string[] {
  return [
    `roc_s${chip}:`,
    '  DigitalHalf: {0: {CalibrationSC: 1}, 1: {CalibrationSC: 1}}',
    '  ReferenceVoltage: {0: {IntCtest: 1}, 1: {IntCtest: 1}}',
    '  Top: {0: {RunL: 1, RunR: 1}}',
    '  ch: {10: {HighRange: 1}, 20: {HighRange: 1}, 40: {HighRange: 1}, 50: {HighRange: 1}}',
  ];
}

/** A stand that replays the files: its template gives a file's number from the two scanned parameters. */
export function networkFile(shape: RecordedScanShape): string {
  const number = `{{ ${shape.calibs} * (phase // ${shape.phaseStep}) + calib // ${shape.calibStep} + 1 }}`;
  return `${heading}kind: recorded
folder: recorded
file: "test_run_${number}.raw"
parameters:
  phase: {key: [target, roc_s0, Top, 0, phase_strobe], default: 0}
  calib: {key: [target, roc_s0, ReferenceVoltage, 0, Calib]}
run_seconds: ${shape.runSeconds}
`;
}
