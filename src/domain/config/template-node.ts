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
