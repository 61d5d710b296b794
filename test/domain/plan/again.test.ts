import { describe, expect, it } from 'vitest';
import type { PlannedProcedure } from '../../../src/domain/config/procedure.js';
import { plannedAgain } from '../../../src/domain/plan/again.js';

const entry = (name: string, type: PlannedProcedure['type'] = 'analysis'): PlannedProcedure => {
  return { name, procedure: name.replace(/\.\d$/, ''), type, dependsOn: [], calibrations: [], reason: 'asked for' };
};
const planned = [entry('pedestal_scan', 'daq'), entry('pedestal'), entry('pedestal.2'), entry('spectra')];

describe('plannedAgain', () => {
  it.each([
    [[], []],
    [['pedestal'], ['pedestal', 'pedestal.2']],
    [
      ['spectra', 'pedestal.2', 'spectra'],
      ['spectra', 'pedestal.2'],
    ],
  ])('%j means %j', (names, expected) => expect([...plannedAgain(planned, names)]).toEqual(expected));

  it.each([
    [['spectrum'], "there is no analysis 'spectrum' in this scan that could be run again", "did you mean 'spectra'?"],
    [['x', 'spectra'], "there is no analysis 'x'", 'there are: pedestal, pedestal.2, spectra'],
    [['pedestal_scan'], "'pedestal_scan' takes data: only analyses are run again", '--fresh'],
  ])('refuses %j', (names, message, remedy) => {
    expect(() => plannedAgain(planned, names)).toThrow(message);
    expect(() => plannedAgain(planned, names)).toThrow(remedy);
  });
});
