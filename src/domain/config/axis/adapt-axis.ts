import type { AxisSpec } from '../procedure.js';
import { adaptPath, adaptRoots, type RootLayout } from '../roots.js';

/** The axis with its daq parts moved to where the default configuration has them. */
export function adaptAxis(spec: AxisSpec, layout: RootLayout): AxisSpec {
  if (spec.kind === 'zip') return { ...spec, members: spec.members.map((member) => adaptAxis(member, layout)) };
  if (spec.kind === 'key') return { ...spec, paths: spec.paths.map((path) => adaptPath(path, layout)) };
  const patches = spec.patches.map((patch) => adaptRoots(patch, layout));
  return { ...spec, patches, defaults: adaptRoots(spec.defaults, layout) };
}
