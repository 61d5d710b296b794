import type { Node } from '@huggingface/jinja';

/** What the strict interpreter must know of the template library's nodes, which it hands out without types. */
export interface FilterNode {
  readonly name: string;
  readonly operand: unknown;
  readonly parameters: readonly unknown[];
}

/** A node `operand | name(parameters)`, or undefined where it is none. */
export function readFilter(node: unknown): FilterNode | undefined {
  if (!isRecord(node) || node['type'] !== 'FilterExpression') return undefined;
  const filter = node['filter'];
  if (!isRecord(filter)) return undefined;
  if (filter['type'] === 'Identifier')
    return { name: String(filter['value']), operand: node['operand'], parameters: [] };
  const [callee, parameters] = [filter['callee'], filter['args']];
  if (!isRecord(callee) || !Array.isArray(parameters)) return undefined;
  return { name: String(callee['value']), operand: node['operand'], parameters };
}

/** A remainder or a division. */
export interface Operation {
  readonly operator: '%' | '//' | '/';
  readonly left: unknown;
  readonly right: unknown;
}

export function readOperation(node: unknown): Operation | undefined {
  if (!isRecord(node) || node['type'] !== 'BinaryExpression' || !isRecord(node['operator'])) return undefined;
  const operator = node['operator']['value'];
  return operator === '%' || operator === '//' || operator === '/'
    ? { operator, left: node['left'], right: node['right'] }
    : undefined;
}

/** An argument `name=value`, or undefined where it is none. */
export function readKeyword(node: unknown): { readonly name: string; readonly value: unknown } | undefined {
  if (!isRecord(node) || node['type'] !== 'KeywordArgumentExpression' || !isRecord(node['key'])) return undefined;
  return { name: String(node['key']['value']), value: node['value'] };
}

/** The text of a name or member access, undefined for any other node. */
export function referenceText(node: unknown): string | undefined {
  if (!isRecord(node)) return undefined;
  if (node['type'] === 'Identifier') return String(node['value']);
  if (node['type'] !== 'MemberExpression') return undefined;
  const property = node['property'];
  const name = isRecord(property) && 'value' in property ? String(property['value']) : '…';
  return `${referenceText(node['object']) ?? '…'}.${name}`;
}

export function isNode(value: unknown): value is Node {
  return isRecord(value) && typeof value['type'] === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const bodies = new Set(['body', 'alternate', 'defaultBlock']);

/** Whether the program uses a name in no other way than to print it: `{{ name }}`, also within loops and conditions. */
export function printsOnly(program: unknown, name: string): boolean {
  if (program instanceof Map) return [...program].every((pair) => printsOnly(pair, name));
  if (Array.isArray(program)) return program.every((node) => printsOnly(node, name));
  if (!isRecord(program)) return true;
  if (isName(program, name)) return false;
  return Object.entries(program).every(([field, child]) => {
    const nodes: readonly unknown[] = bodies.has(field) && Array.isArray(child) ? child : [child];
    return nodes.every((node) => (bodies.has(field) && isName(node, name)) || printsOnly(node, name));
  });
}

function isName(node: unknown, name: string): boolean {
  return isRecord(node) && node['type'] === 'Identifier' && node['value'] === name;
}
