import { patchAt } from './axis.js';
import { checkFragment, type Finding } from '../check.js';
import type { AxisSpec, Path } from '../procedure.js';
import { rootLayout, type RootLayout } from '../roots.js';
import { report, type Section } from '../yaml/validate.js';
import { isMap, type ConfigMap, type ConfigValue, type Key } from '../value.js';

/** What fragments are checked against; `defaults` is undefined where the default files could not be read. */
export interface CheckContext {
  readonly defaults: ConfigMap | undefined;
  readonly layout: RootLayout;
  readonly allowNewParameters: boolean;
}

export function checkContext(defaults: ConfigMap | undefined, allowNewParameters: boolean): CheckContext {
  return { defaults, layout: rootLayout(defaults ?? new Map()), allowNewParameters };
}

/** Checks a fragment of a file and reports at `locate(path)`; unknown keys are warnings where they are allowed. */
export function checkPart(
  section: Section,
  fragment: ConfigMap,
  context: CheckContext,
  locate: (path: readonly Key[]) => readonly Key[],
): void {
  if (context.defaults === undefined) return;
  for (const finding of checkFragment(fragment, context.defaults, context.layout)) {
    reportFinding(section, finding, context, locate(finding.path));
  }
}

function reportFinding(section: Section, finding: Finding, context: CheckContext, keys: readonly Key[]): void {
  const { message, remedy, kind } = finding;
  const isDoubt = kind === 'version' || (kind === 'unknown' && context.allowNewParameters);
  const severity = isDoubt ? 'warning' : 'error';
  report(section, message, { keys, at: kind === 'unknown' ? 'key' : 'value', severity, remedy });
}

/** Checks what the axis sets; findings stand at the key, the template or the patch they come from. */
export function checkAxis(section: Section, spec: AxisSpec, context: CheckContext): void {
  if (spec.kind === 'key') checkKeyAxis(section, spec, context);
  if (spec.kind !== 'patch') return;
  const templated = section.value instanceof Map && section.value.has('template');
  const before = section.problems.length;
  for (const [index, patch] of spec.patches.entries()) {
    const field = section.value instanceof Map && section.value.has('values') ? 'values' : 'range';
    checkPart(section, patch, context, (path) => (templated ? ['template'] : [field, index, ...path]));
    if (templated && section.problems.length > before) break; // the other values would say the same again
  }
  checkPart(section, spec.defaults, context, () => ['default']);
}

function checkKeyAxis(section: Section, spec: Extract<AxisSpec, { kind: 'key' }>, context: CheckContext): void {
  const keyField = section.value instanceof Map && section.value.has('keys') ? 'keys' : 'key';
  const valueField = section.value instanceof Map && section.value.has('values') ? 'values' : 'range';
  const registers = new Map<string, Path>();
  // a mapping is laid on what is at the key; its members are looked at with the values
  const probe: ConfigValue = spec.values.every(isMap) ? new Map() : true;
  for (const path of spec.paths) {
    const before = section.problems.length;
    checkPart(section, patchAt([path], probe), context, (found) => keyPlace(section, keyField, found));
    if (section.problems.length > before) return;
    registers.set(`${String(path[2])}.${String(path[4])}`, path);
  }
  for (const path of registers.values()) {
    for (const [index, value] of spec.values.entries()) {
      const before = section.problems.length;
      checkPart(section, patchAt([path], value), context, () => [valueField, index]);
      if (section.problems.length > before) return;
    }
  }
}

/** The element of the key list that names the wrong key. */
function keyPlace(section: Section, field: string, path: readonly Key[]): readonly Key[] {
  const written = section.value instanceof Map ? section.value.get(field) : undefined;
  if (field === 'keys' || !Array.isArray(written)) return [field];
  const offset = path[0] === 'target' && written[0] !== 'target' ? 1 : 0;
  const depth = path.length - 1 - offset;
  const element: unknown = written[depth];
  if (!Array.isArray(element)) return [field, Math.max(depth, 0)];
  return [field, depth, Math.max(element.indexOf(path[path.length - 1]), 0)];
}
