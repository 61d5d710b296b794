import type { Scalar as ScalarNode } from 'yaml';
import type { Key, Scalar } from '../value.js';
import { isFloatText, resolvePlain } from './yaml-scalar.js';

/** Value of a scalar node; a tag other than those of plain values is an error. */
export function scalarOf(node: ScalarNode): Scalar {
  const text = typeof node.value === 'string' ? node.value : '';
  const tag = tagOf(node);
  if (tag === '!!str' || tag === '!') return text;
  if (tag === undefined) return node.type === 'PLAIN' ? resolvePlain(node.source ?? text) : text;
  const value = resolvePlain(text);
  if (tag === '!!int' && typeof value === 'number' && Number.isInteger(value)) return value;
  if (tag === '!!float' && typeof value === 'number') return value;
  if (tag === '!!bool' && typeof value === 'boolean') return value;
  if (tag === '!!null' && value === null) return value;
  throw new RangeError(refusedTag(tag));
}

/** Tags of lists and mappings that say no more than what they are. */
const plainTags: ReadonlySet<string> = new Set(['!', '!!map', '!!seq', '!!omap', '!!set', '!!pairs']);

/** Throws RangeError for a list or mapping that stands for something else. */
export function requirePlainCollection(node: { readonly tag?: string | undefined }): void {
  const tag = tagOf(node);
  if (tag !== undefined && !plainTags.has(tag)) throw new RangeError(refusedTag(tag));
}

function refusedTag(tag: string): string {
  const isProgram = tag.startsWith('!!python/') || tag === '!!binary';
  const remedy = isProgram
    ? ': write plain numbers and texts there (in Python int(value), float(value), str(value))'
    : '';
  return `the tag ${tag} is not supported here${remedy}`;
}

function tagOf(node: { readonly tag?: string | undefined }): string | undefined {
  return node.tag?.replace('tag:yaml.org,2002:', '!!');
}

/** Whether a node with a number is written as a float. */
export function isFloatNode(node: ScalarNode): boolean {
  const tag = tagOf(node);
  return tag === undefined ? node.type === 'PLAIN' && isFloatText(node.source ?? '') : tag === '!!float';
}

/** A scalar node as the key of a mapping; one that cannot be read counts as text. */
export function keyOf(node: ScalarNode): Key {
  try {
    return scalarOf(node);
  } catch {
    return String(node.value);
  }
}
