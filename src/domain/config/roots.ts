import { nest, overlay } from './overlay.js';
import { isList, isMap, valueAt, type ConfigMap, type ConfigValue, type Key } from './value.js';

/**
 * Three layouts of the roots are in the field: `target`, `daq`, `client`; `target`, `daq: {server, client}`; and
 * `server` beside `client`. Parts that a user lays on the default may be in another of them than the default itself:
 * they are moved to where the default has the same thing, and left alone where nothing in the default fits.
 */
export interface RootLayout {
  readonly server: readonly Key[] | undefined;
  readonly client: readonly Key[] | undefined;
}

const roots = new Set<Key>(['target', 'daq', 'server', 'client']);

export function isRoot(key: Key): boolean {
  return roots.has(key);
}

/** Where a default configuration keeps the parts of daq server and daq client. */
export function rootLayout(state: ConfigMap): RootLayout {
  const daq = state.get('daq');
  const nested = isMap(daq) && (daq.has('server') || daq.has('client'));
  const clientPath = nested && daq.has('client') ? ['daq', 'client'] : state.has('client') ? ['client'] : undefined;
  if (nested && daq.has('server')) return { server: ['daq', 'server'], client: clientPath };
  const server = state.has('server') ? ['server'] : isMap(daq) && !nested ? ['daq'] : undefined;
  return { server, client: clientPath };
}

/** The path under which the default has what is written under `path`. */
export function adaptPath(path: readonly Key[], layout: RootLayout): readonly Key[] {
  const [root, second] = path;
  if (root === 'client') return layout.client === undefined ? path : [...layout.client, ...path.slice(1)];
  if (root === 'server') return layout.server === undefined ? path : [...layout.server, ...path.slice(1)];
  if (root !== 'daq') return path;
  if (second === 'server') return layout.server === undefined ? path : [...layout.server, ...path.slice(2)];
  if (second === 'client') return layout.client === undefined ? path : [...layout.client, ...path.slice(2)];
  return layout.server === undefined ? path : [...layout.server, ...path.slice(1)];
}

/** A fragment with its daq parts moved to where the default has them; the same object where nothing moves. */
export function adaptRoots(fragment: ConfigMap, layout: RootLayout): ConfigMap {
  const moves = [...fragment].some(([root, value]) => movesAnything(root, value, layout));
  if (!moves) return fragment;
  const parts: ConfigMap[] = [];
  for (const [root, value] of fragment) {
    if (!isMap(value)) parts.push(nest(adaptPath([root], layout), value));
    else if (root === 'target') parts.push(new Map([[root, value]]));
    else for (const [key, member] of value) parts.push(nest(adaptPath([root, key], layout), member));
  }
  return overlay(parts);
}

function movesAnything(root: Key, value: ConfigValue, layout: RootLayout): boolean {
  const keys = isMap(value) ? [...value.keys()].map((key) => [root, key]) : [[root]];
  return keys.some((path) => adaptPath(path, layout).join('\u0000') !== path.join('\u0000'));
}

/** The configuration of the daq server, whatever the layout. */
export function serverPart(state: ConfigMap): ConfigMap | undefined {
  const { server } = rootLayout(state);
  const part = server === undefined ? undefined : valueAt(state, server);
  return isMap(part) ? part : undefined;
}

/** The configuration of the daq client, whatever the layout. */
export function clientPart(state: ConfigMap): ConfigMap | undefined {
  const { client } = rootLayout(state);
  const part = client === undefined ? undefined : valueAt(state, client);
  return isMap(part) ? part : undefined;
}

/** Events asked for in a run: `NEvents` of the active menu, else at the top of the daq server's part. */
export function eventsOf(state: ConfigMap): number | undefined {
  const server = serverPart(state);
  if (server === undefined) return undefined;
  const menu = server.get('active_menu') ?? null;
  const ofMenu = isMap(menu) || isList(menu) ? undefined : valueAt(server, ['menus', menu, 'NEvents']);
  const asked = ofMenu ?? server.get('NEvents');
  const events = typeof asked === 'string' ? Number(asked) : asked;
  return typeof events === 'number' && Number.isInteger(events) && events >= 0 ? events : undefined;
}
