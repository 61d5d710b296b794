/**
 * Room: the chip's registers: names, widths, meanings.
 * May use: nothing.
 */

import { channelRegisters } from './channel.js';
import { digitalHalfRegisters, globalAnalogRegisters, masterTdcRegisters, referenceVoltageRegisters } from './half.js';
import type { RegisterRow } from './row.js';
import { topRegisters } from './top.js';

/** What is known of a chip parameter: the range of its register, its power-on value and its meaning. */
export interface RegisterDescription {
  readonly min: number;
  readonly max: number;
  readonly default: number;
  readonly meaning?: string;
}

/** A block of a chip: how often the chip has it (indices 0 …) and its parameters. */
export interface RegisterBlock {
  readonly count: number;
  readonly parameters: ReadonlyMap<string, RegisterDescription>;
}

/**
 * The parameters of an HGCROC (version 3, silicon), by block: names, ranges and power-on values as the chips' slow
 * control has them. Chips of other versions have parameters beyond these, of which nothing is claimed.
 */
export const registerBlocks: ReadonlyMap<string, RegisterBlock> = new Map([
  ['ch', block(72, channelRegisters)],
  ['calib', block(2, channelRegisters)],
  ['cm', block(4, channelRegisters)],
  ['HalfWise', block(2, channelRegisters)],
  ['DigitalHalf', block(2, digitalHalfRegisters)],
  ['GlobalAnalog', block(2, globalAnalogRegisters)],
  ['MasterTdc', block(2, masterTdcRegisters)],
  ['ReferenceVoltage', block(2, referenceVoltageRegisters)],
  ['Top', block(1, topRegisters)],
]);

/** Largest values of the registers that are wider in other versions of the chip. */
const wider: ReadonlyMap<string, { readonly max: number; readonly version: string }> = new Map([
  ['GlobalAnalog.Cf_comp', { max: 15, version: 'SiPM' }],
]);

/** How a register is in another version of the chip, where it is wider there. */
export function widerRegister(block: string, parameter: string): { max: number; version: string } | undefined {
  return wider.get(`${block}.${parameter}`);
}

/** Range, power-on value and meaning of a parameter in a block; undefined where nothing is known of it. */
export function registerRange(block: string, parameter: string): RegisterDescription | undefined {
  return registerBlocks.get(block)?.parameters.get(parameter);
}

function block(count: number, rows: readonly RegisterRow[]): RegisterBlock {
  return { count, parameters: new Map(rows.map((row) => [row[0], describeRow(row)])) };
}

function describeRow([, bits, powerOn, meaning]: RegisterRow): RegisterDescription {
  return { min: 0, max: 2 ** bits - 1, default: powerOn, ...(meaning === undefined ? {} : { meaning }) };
}
