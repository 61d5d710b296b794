import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../../src/domain/config/yaml/yaml.js';
import { daqStates, encodeDaqCommand, stateAfter, type DaqState } from '../../../src/domain/daq/daq-commands.js';
import {
  activeMenu,
  clientInitializeDocument,
  configureDocument,
  daqPart,
  initializeDocument,
  targetPart,
} from '../../../src/domain/daq/parts.js';
import { describeDifferences, registerDifferences } from '../../../src/domain/daq/readback.js';
import {
  encodeSlowControlReply,
  encodeSlowControlRequest,
  everythingDescribed,
  parseSlowControlReply,
  parseSlowControlRequest,
  slowControlRequest,
  withNullLeaves,
} from '../../../src/domain/daq/slow-control.js';
import { chipNames, tdcStartWrites } from '../../../src/domain/daq/tdc-start.js';
import { mapping } from '../../support/plans/daq-procedure.js';

describe('slow control', () => {
  const registers = mapping('roc_s0: {ch: {0: {HighRange: 1}, 71: {HighRange: 0}}, Top: {0: {phase_strobe: 6}}}');

  test('requests come back as they were, with integer keys', () => {
    const request = { ...slowControlRequest('set', registers), readBack: true };
    expect(parseSlowControlRequest(encodeSlowControlRequest(request))).toEqual(request);
    expect(encodeSlowControlRequest(request)).toMatch(/^ +71:/m);
  });

  test('replies come back as they were: success, values, errors', () => {
    for (const reply of [
      { type: 'set', status: 'success', args: new Map() } as const,
      { type: 'get', status: 'success', args: registers } as const,
      { type: 'set', status: 'error', errmsg: "unknown parameter 'HighRang': see describe" } as const,
    ]) {
      expect(parseSlowControlReply(encodeSlowControlReply(reply))).toEqual(reply);
    }
    expect(parseSlowControlReply('{type: reset, status: error, args: {}}')).toMatchObject({
      errmsg: 'no reason given',
    });
  });

  test.each([
    ['type: set\nstatus: sent\nargs: {}', "'status' is"],
    ['type: sit\nstatus: send\nargs: {}', "'type' is"],
    ['type: set\nstatus: send\nargs: 3', "'args' is 3"],
    ['- 1', 'not a mapping'],
  ])('%j is no request', (wrong, reason) => {
    expect(() => parseSlowControlRequest(wrong)).toThrow(reason);
  });

  test('asks for values with nulls, for everything that is described too', () => {
    expect(withNullLeaves(registers)).toEqual(
      mapping('roc_s0: {ch: {0: {HighRange: null}, 71: {HighRange: null}}, Top: {0: {phase_strobe: null}}}'),
    );
    const described = mapping('LD hexaboard: {roc_s0: {Top: {0: {phase_strobe: {min: 0, max: 15}}}}}');
    expect(everythingDescribed(described)).toEqual(mapping('roc_s0: {Top: {0: {phase_strobe: null}}}'));
  });
});

describe('the daq server', () => {
  test('has its commands in their order only', () => {
    const reached = (command: Parameters<typeof stateAfter>[1]) => daqStates.map((state) => stateAfter(state, command));
    const none: DaqState | undefined = undefined;
    expect(reached('start')).toEqual([none, none, 'running', none, none]);
    expect(reached('configure')).toEqual([none, 'configured', 'configured', none, none]);
    expect(reached('initialize')).toEqual(['initialized', 'initialized', 'initialized', none, 'initialized']);
    expect(reached('stop')).toEqual([none, none, 'configured', 'configured', none]);
    expect(reached('destroy')).toEqual(daqStates.map(() => 'not initialised'));
    expect(reached('status')).toEqual(daqStates);
  });

  test('is sent a word, and a document where there is one', () => {
    expect(encodeDaqCommand('status')).toEqual(['status']);
    const [word, document] = encodeDaqCommand('configure', mapping('daq: {active_menu: m}'));
    expect(word).toBe('configure');
    expect(parseYaml(document)).toEqual(mapping('daq: {active_menu: m}'));
  });
});

describe('parts of a configuration', () => {
  const whole = mapping(`target: {hostname: h, port: 5555, roc_s0: {Top: {0: {phase_strobe: 1}}}}
daq: {hostname: h, port: 6000, active_menu: b, elinks: [1, 2], menus: {a: {NEvents: 1}, b: {NEvents: 2}}}`);

  test('are sent without addresses', () => {
    expect(targetPart(whole)).toEqual(mapping('roc_s0: {Top: {0: {phase_strobe: 1}}}'));
    expect([...daqPart(whole).keys()]).toEqual(['active_menu', 'elinks', 'menus']);
    expect(daqPart(mapping('server: {port: 1, NEvents: 3}\nclient: {}'))).toEqual(mapping('NEvents: 3'));
  });

  test('configure the active menu, and what else has changed', () => {
    const daq = daqPart(whole);
    expect(configureDocument(daq)).toEqual(mapping('daq: {active_menu: b, menus: {b: {NEvents: 2}}}'));
    expect(configureDocument(daq, mapping('elinks: [1, 2]'))).toEqual(
      mapping('daq: {elinks: [1, 2], active_menu: b, menus: {b: {NEvents: 2}}}'),
    );
    expect(configureDocument(mapping('NEvents: 3'))).toEqual(mapping('daq: {NEvents: 3}'));
  });

  test('refuse a menu that is none', () => {
    expect(() => activeMenu(mapping('active_menu: c\nmenus: {a: {}, b: {}}'))).toThrow('menus are a, b');
    expect(activeMenu(mapping('active_menu: c'))).toBeUndefined();
  });

  test('tell server and client where the data go', () => {
    expect(initializeDocument(mapping('elinks: [1]'), 8888)).toEqual(
      mapping('daq: {elinks: [1], zmqPushPull_port: 8888}'),
    );
    expect(clientInitializeDocument(mapping('hw_type: LD'), 'crate', 8888)).toEqual(
      mapping('client: {hw_type: LD, serverIP: crate, zmqPushPull_port: 8888}'),
    );
  });
});

describe('readback', () => {
  const written = mapping('roc_s0: {ch: {10: {HighRange: true, trim_inv: 3}, 11: {trim_inv: 4}}}');

  test('finds nothing where booleans came back as numbers, and more was read than written', () => {
    const read = mapping('roc_s0: {ch: {10: {HighRange: 1, trim_inv: 3, LowRange: 0}, 11: {trim_inv: 4}}}');
    expect(registerDifferences(written, read)).toEqual([]);
  });

  test('names registers that differ or are missing, some of them', () => {
    const differences = registerDifferences(written, mapping('roc_s0: {ch: {10: {HighRange: 0, trim_inv: 3}}}'));
    expect(describeDifferences(differences)).toBe(
      'roc_s0.ch.10.HighRange: wrote true, read 0; roc_s0.ch.11.trim_inv: wrote 4, read nothing',
    );
    expect(describeDifferences(differences, 1)).toMatch(/read 0; and 1 more$/);
  });
});

test('master TDCs of all chips are held and driven first, then let go', () => {
  const chips = chipNames(mapping('roc_s0: {}\nroc_s2: {}\nhostname: h'));
  expect(chips).toEqual(['roc_s0', 'roc_s2']);
  const [hold, release] = tdcStartWrites(chips);
  expect([...hold.keys()]).toEqual(chips);
  const start = `EN_MASTER_CTDC_VOUT_INIT: 1, EN_MASTER_FTDC_VOUT_INIT: 1,
    VD_CTDC_P_DAC_EN: 1, VD_CTDC_P_D: 16, VD_FTDC_P_DAC_EN: 1, VD_FTDC_P_D: 16`;
  expect(hold.get('roc_s2')).toEqual(mapping(`MasterTdc: {0: {${start}}, 1: {${start}}}`));
  const off = 'EN_MASTER_CTDC_VOUT_INIT: 0, EN_MASTER_FTDC_VOUT_INIT: 0';
  expect(release.get('roc_s0')).toEqual(mapping(`MasterTdc: {0: {${off}}, 1: {${off}}}`));
});
