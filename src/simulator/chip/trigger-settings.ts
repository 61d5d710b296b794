import { isList, isMap, type ConfigMap, type ConfigValue } from '../../domain/config/value.js';

/** What the daq part says about how events are triggered, as far as the chips' answer depends on it. */
export interface TriggerSettings {
  /** Whether the internal injection is fired. */
  readonly injection: boolean;
  /** Bunch crossings from injection to trigger. */
  readonly distance: number;
  /** Whether trigger words and their latency are read out. */
  readonly triggerData: boolean;
}

/** Distance in the recorded scan: `L1Offset` 10 samples the peak of the pulse there. */
export const usualDistance = 22;

/** Reads the settings of a daq part, whose active menu may lie in `menus`. */
export function triggerSettings(daq: ConfigMap): TriggerSettings {
  const name = daq.get('active_menu');
  const menus = daq.get('menus');
  const menu = isMap(menus) && name !== undefined && !isMap(name) && !isList(name) ? menus.get(name) : undefined;
  const fields = isMap(menu) ? menu : daq;
  const generators = generatorsOf(fields.get('l1a_generator_settings') ?? daq.get('l1a_generator_settings'));
  return {
    injection: fields.has('calibType')
      ? fields.get('calibType') === 'CALPULINT'
      : injects(String(name ?? ''), generators),
    distance: menuDistance(fields) ?? distanceOf(generators),
    triggerData: fields.has('trg_fifo_latency'),
  };
}

function generatorsOf(value: ConfigValue | undefined): readonly ConfigMap[] {
  return isList(value) ? value.filter(isMap) : [];
}

/** Menus of random and external triggers do not inject; else the injection generator must be enabled, if there is one. */
function injects(menu: string, generators: readonly ConfigMap[]): boolean {
  if (/^(random|external)/i.test(menu)) return false;
  const injection = generators.find(isInjection);
  return injection === undefined || injection.get('enable') !== 0;
}

function isInjection(generator: ConfigMap): boolean {
  return String(generator.get('flavor')).startsWith('CALPUL');
}

/** Menus with an injection of their own say when it is fired and when it is read. */
function menuDistance(menu: ConfigMap): number | undefined {
  const from = menu.get('bxCalib');
  const to = menu.get('bxL1A');
  return typeof from === 'number' && typeof to === 'number' ? to - from : undefined;
}

/** From the injection to the trigger that follows it. */
function distanceOf(generators: readonly ConfigMap[]): number {
  const injection = generators.find(isInjection);
  const trigger = generators.find((g) => g.get('flavor') === 'L1A' && g.get('followMode') === injection?.get('name'));
  const from = injection?.get('BX');
  const to = trigger?.get('BX');
  return typeof from === 'number' && typeof to === 'number' ? to - from : usualDistance;
}
