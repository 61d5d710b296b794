/**
 * Room: the chips of the simulator as pure functions of their registers and a seed.
 * May use: domain/config, domain/config/registers, domain/hgcroc.
 */

import type { ConfigMap } from '../../domain/config/value.js';
import type { RawRecord } from '../../domain/hgcroc/encode.js';
import { contentHash, registersHash } from './configuration-hash.js';
import { makeRecord, type ChipRun } from './event.js';
import { operatingPoints } from './operating-point.js';
import { mix } from './random.js';
import { registersOf } from './registers.js';
import { triggerSettings } from './trigger-settings.js';

/** A board of the simulator: `seed` decides what its channels are like. */
export interface Board {
  readonly seed: number;
  /** Number of chips, 0 … chips − 1. */
  readonly chips: number;
}

/** The events of one run. */
export interface BoardRun {
  /** The records of an event, one per chip. */
  event(event: number): readonly RawRecord[];
}

/**
 * Prepares a run: an event's data follow from the board, the registers, the daq part and the event's number, and from
 * `noise` where runs of the same configuration are to differ.
 * @param target the registers written, `{roc_s0: {block: {index: {parameter: value}}}}`
 */
export function boardRun(board: Board, target: ConfigMap, daq: ConfigMap, noise = 0): BoardRun {
  const trigger = triggerSettings(daq);
  const configuration = mix(board.seed, registersHash(target), contentHash(daq), noise);
  const chips = Array.from({ length: board.chips }, (_, chip): ChipRun => {
    const registers = registersOf(target, chip);
    const points = (half: number) => operatingPoints({ seed: board.seed, chip, half }, registers, trigger);
    const format = (half: number) =>
      registers.get('DigitalHalf', half, 'CalibrationSC') === 1 ? 'characterisation' : 'raw';
    return {
      chip,
      noiseSeed: mix(configuration, chip),
      halves: [points(0), points(1)],
      formats: [format(0), format(1)],
      triggerData: trigger.triggerData,
    };
  });
  return { event: (event) => chips.map((chip) => makeRecord(chip, event)) };
}
