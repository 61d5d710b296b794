import type { ConfigMap, ConfigValue, Key } from '../value.js';
import { resolvePlain } from './yaml-scalar.js';

/**
 * A fast reader for the plain part of YAML that programs write: block mappings, flow collections on one line, plain and
 * double-quoted scalars. Undefined for anything beyond (anchors, comments, long texts, errors …), which the full reader
 * then reads; what both read is the same.
 */
export function parseSimple(text: string): ConfigMap | undefined {
  try {
    return readBlock(text.split('\n'));
  } catch (error) {
    if (error instanceof Beyond || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Thrown where the text is not simple. */
class Beyond extends Error {}

interface Level {
  readonly indent: number;
  readonly map: Map<Key, ConfigValue>;
}

const line = /^( *)("[^"\\]*"|[A-Za-z_][A-Za-z0-9_.]*|-?[0-9]+):(?: +(.*))?$/;

function readBlock(lines: readonly string[]): ConfigMap {
  const stack: Level[] = [];
  /** A key without value: what follows deeper belongs to it. */
  let open: { map: Map<Key, ConfigValue>; key: Key } | undefined;
  for (const text of lines) {
    if (text.trim() === '' && !text.includes('\t') && !text.includes('\r')) continue;
    const match = line.exec(text);
    if (match === null) throw new Beyond();
    const indent = match[1].length;
    const level = levelAt(stack, indent, open);
    const key = scalar(match[2]);
    const rest = withoutBlanks(match[3] ?? '');
    open = rest === '' ? { map: level.map, key } : undefined;
    if (level.map.has(key)) throw new Beyond(); // worth a warning with its place
    level.map.set(key, rest === '' ? null : new Inline(rest).readAll());
  }
  if (stack.length === 0) throw new Beyond();
  return stack[0].map;
}

/** Without those at its end; a pattern would try all the others first. */
function withoutBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end--;
  return text.slice(0, end);
}

function levelAt(stack: Level[], indent: number, open: { map: Map<Key, ConfigValue>; key: Key } | undefined): Level {
  const top = stack.at(-1);
  if (top === undefined || indent > top.indent) {
    if (top !== undefined && open === undefined) throw new Beyond();
    const level = { indent, map: new Map<Key, ConfigValue>() };
    if (stack.length > maxDepth) throw new Beyond();
    open?.map.set(open.key, level.map);
    stack.push(level);
    return level;
  }
  while (stack.length > 0 && stack[stack.length - 1].indent > indent) stack.pop();
  const level = stack.at(-1);
  if (level?.indent !== indent) throw new Beyond();
  return level;
}

const quoted = /"[^"\\]*"/y;
const plain = /[A-Za-z0-9_.+-][A-Za-z0-9_.+/-]*(?: [A-Za-z0-9_.+/-]+)*/y;
const maxDepth = 30;

function scalar(text: string): Key {
  return text.startsWith('"') ? checkedText(text.slice(1, -1)) : resolvePlain(text);
}

/** Text in double quotes as it stands, where nothing in it has a meaning. */
function checkedText(text: string): string {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e) throw new Beyond();
  }
  return text;
}

/** One value on the rest of a line. */
class Inline {
  private at = 0;

  constructor(private readonly text: string) {}

  readAll(): ConfigValue {
    const value = this.read(0);
    if (this.at !== this.text.length) throw new Beyond();
    return value;
  }

  private read(depth: number): ConfigValue {
    if (depth > maxDepth) throw new Beyond();
    if (this.take('{')) return this.readMap(depth);
    if (this.take('[')) return this.readList(depth);
    return scalar(this.token());
  }

  private token(): string {
    for (const pattern of [quoted, plain]) {
      pattern.lastIndex = this.at;
      const match = pattern.exec(this.text);
      if (match === null) continue;
      this.at = pattern.lastIndex;
      if (match[0].startsWith('-') && !/^-[0-9.]/.test(match[0])) throw new Beyond();
      return match[0];
    }
    throw new Beyond();
  }

  private readMap(depth: number): ConfigMap {
    const map = new Map<Key, ConfigValue>();
    this.skip();
    if (this.take('}')) return map;
    for (;;) {
      const key = scalar(this.token());
      if (!this.take(':') || !this.take(' ')) throw new Beyond();
      this.skip();
      if (map.has(key)) throw new Beyond();
      map.set(key, this.read(depth + 1));
      if (this.ends('}')) return map;
    }
  }

  private readList(depth: number): ConfigValue[] {
    const list: ConfigValue[] = [];
    this.skip();
    if (this.take(']')) return list;
    for (;;) {
      list.push(this.read(depth + 1));
      if (this.ends(']')) return list;
    }
  }

  /** Goes over a comma to the next member; true at the end. */
  private ends(bracket: string): boolean {
    this.skip();
    if (this.take(bracket)) return true;
    if (!this.take(',')) throw new Beyond();
    this.skip();
    return this.take(bracket);
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skip(): void {
    while (this.text[this.at] === ' ') this.at++;
  }
}
