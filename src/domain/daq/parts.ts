import { clientPart as clientOf, serverPart } from '../config/roots.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Key } from '../config/value.js';
import { DatenraffinerieError } from '../errors.js';

const empty: ConfigMap = new Map();

/** The chips' registers `{roc_s0: …}`, without `hostname` and `port`, which are no registers. */
export function targetPart(configuration: ConfigMap): ConfigMap {
  return without(mapAt(configuration, 'target'), ['hostname', 'port']);
}

/** What the daq server is configured with, whatever the layout of the roots. */
export function daqPart(configuration: ConfigMap): ConfigMap {
  return without(serverPart(configuration) ?? empty, ['hostname', 'port']);
}

/** What the daq client is configured with. */
export function clientPart(configuration: ConfigMap): ConfigMap {
  return without(clientOf(configuration) ?? empty, ['hostname', 'port']);
}

/** Name of the active menu; undefined where the daq part has no menus. */
export function activeMenu(daq: ConfigMap): string | undefined {
  const menus = daq.get('menus');
  if (!isMap(menus)) return undefined;
  const name = daq.get('active_menu');
  if (typeof name === 'string' && isMap(menus.get(name))) return name;
  throw new DatenraffinerieError(
    'RefusedError',
    `the daq part's active_menu is ${JSON.stringify(name ?? null)}; its menus are ${[...menus.keys()].join(', ')}`,
    { remedy: 'set active_menu to one of the menus' },
  );
}

/**
 * The daq server's `configure` document: the active menu whole, and the other settings that `changed` names; the whole
 * part where there are no menus.
 */
export function configureDocument(daq: ConfigMap, changed: ConfigMap = empty): ConfigMap {
  const name = activeMenu(daq);
  if (name === undefined) return new Map([['daq', daq]]);
  const others = [...changed].filter(([key]) => key !== 'menus' && key !== 'active_menu');
  const document: [Key, ConfigValue][] = [
    ...others.map(([key]): [Key, ConfigValue] => [key, daq.get(key) ?? null]),
    ['active_menu', name],
    ['menus', new Map([[name, mapAt(mapAt(daq, 'menus'), name)]])],
  ];
  return new Map([['daq', new Map(document)]]);
}

/** The daq server's `initialize` document. */
export function initializeDocument(daq: ConfigMap, dataPort: number): ConfigMap {
  return new Map([['daq', new Map<Key, ConfigValue>([...daq, ['zmqPushPull_port', dataPort]])]]);
}

/** The daq client's `initialize` document: where it pulls the data from. */
export function clientInitializeDocument(client: ConfigMap, serverIP: string, dataPort: number): ConfigMap {
  const own: [Key, ConfigValue][] = [
    ['serverIP', serverIP],
    ['zmqPushPull_port', dataPort],
  ];
  return new Map([['client', new Map<Key, ConfigValue>([...client, ...own])]]);
}

/** A mapping under a key; an empty one where there is none. */
export function mapAt(map: ConfigMap, key: Key): ConfigMap {
  const value = map.get(key);
  return isMap(value) && !isList(value) ? value : empty;
}

function without(map: ConfigMap, keys: readonly Key[]): ConfigMap {
  return keys.some((key) => map.has(key)) ? new Map([...map].filter(([key]) => !keys.includes(key))) : map;
}
