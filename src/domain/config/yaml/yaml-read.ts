import { LineCounter, isAlias, isMap as isYamlMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Node, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import { ConfigError, type Problem } from '../../errors.js';
import { Source, excerptAt, type Parsed } from './source.js';
import { isList, isMap, type ConfigValue, type Key } from '../value.js';
import { requirePlainCollection, scalarOf } from './yaml-node.js';
import { parseSimple } from './yaml-simple.js';

/** A configuration has some 10,000 values; a file that unfolds by aliases to more than this is a bomb. */
const maxNodes = 2_000_000;
const maxDepth = 100;

/** YAML text as PyYAML reads it, with positions. Throws ConfigError with the place of every finding. */
export function parseSource(text: string, file: string): Source {
  const simple = parseSimple(text);
  if (simple !== undefined) return new Source(file, text, simple, () => parseNodes(text, file));
  const parsed = parseNodes(text, file);
  const { document } = parsed;
  try {
    const reader = new Reader();
    const value = document?.contents ? reader.read(document.contents, 0) : null;
    return new Source(file, text, value, () => parsed, reader.duplicates);
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const place = placeIn(text, file, parsed.lines);
    throw new ConfigError([{ severity: 'error', message: error.message, ...place(error.offset) }]);
  }
}

/** So many lines of brackets may be set further in: each costs a reading of the whole text. */
const maxIndented = 20;

/** PyYAML does not look at indentation within brackets; the library wants it to be deeper than what they belong to. */
function parseNodes(text: string, file: string): Parsed {
  let indented = text;
  for (let round = 0; ; round++) {
    try {
      return parseIndented(indented, file, text);
    } catch (error) {
      const deeper =
        error instanceof ShallowBracket && round < maxIndented ? indentLine(indented, error.line) : undefined;
      if (deeper === undefined) throw error instanceof ShallowBracket ? error.report : error;
      indented = deeper;
    }
  }
}

/** A line within brackets stands further left than the library takes. */
class ShallowBracket extends Error {
  constructor(
    readonly line: number,
    /** What is said of it where it cannot be helped. */
    readonly report: ConfigError,
  ) {
    super('a bracket is not indented');
  }
}

/** The text with one line set in, by more than the line above it. */
function indentLine(text: string, line: number): string | undefined {
  const lines = text.split('\n');
  const above = lines.slice(0, line - 1).findLast((each) => each.trim() !== '');
  const here = lines.at(line - 1);
  if (above === undefined || here === undefined) return undefined;
  const depth = above.length - above.trimStart().length + 1;
  lines[line - 1] = ' '.repeat(depth) + here.trimStart();
  return lines[line - 1] === here ? undefined : lines.join('\n');
}

/** @param written the text as it stands in the file, for excerpts */
function parseIndented(text: string, file: string, written: string): Parsed {
  const lines = new LineCounter();
  const place = placeIn(written, file, lines);
  const documents = documentsOf(text, lines, () => {
    throw new ConfigError([{ severity: 'error', message: tooDeep, ...place(0) }]);
  });
  const problems: Problem[] = documents.flatMap((document) =>
    document.errors.map((error) => ({
      severity: 'error' as const,
      message: isTooDeep(error) ? tooDeep : `no valid YAML: ${firstLine(error)}`,
      ...place(error.pos[0]),
    })),
  );
  if (problems.length === 0 && documents.length > 1) {
    const offset = documents[1].range[0];
    problems.push({ severity: 'error', message: 'a second YAML document begins here', ...place(offset) });
  }
  if (problems.length > 0) {
    const report = new ConfigError(problems);
    const shallow = documents.flatMap(({ errors }) => errors).find(isShallow);
    throw shallow === undefined ? report : new ShallowBracket(lines.linePos(shallow.pos[0]).line, report);
  }
  return { document: documents[0], lines };
}

/** @param refuse called where the library's recursion finds no end */
function documentsOf(text: string, lines: LineCounter, refuse: () => never) {
  try {
    const parsed = parseAllDocuments(text, {
      schema: 'failsafe',
      version: '1.1',
      uniqueKeys: false,
      logLevel: 'silent',
      lineCounter: lines,
    });
    return Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    if (error instanceof RangeError) return refuse();
    throw error;
  }
}

const tooDeep = `nested deeper than ${maxDepth} levels`;

function isShallow({ code, message }: { readonly code?: string; readonly message: string }): boolean {
  return code === 'BAD_INDENT' && message.startsWith('Flow');
}

function isTooDeep({ message }: Error): boolean {
  return message.includes('call stack');
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '');
}

/** Line, column and excerpt of an offset. */
function placeIn(text: string, file: string, lines: LineCounter) {
  return (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), excerpt: excerptAt(text, Math.max(line, 1)) };
  };
}

/** YAML text as PyYAML reads it. */
export function parseYaml(text: string, file = 'YAML text'): ConfigValue {
  return parseSource(text, file).value;
}

class NodeError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** What `read` throws, with the place of the node. */
function placed<T>(offset: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new NodeError(error instanceof Error ? error.message : String(error), offset);
  }
}

/** Turns the library's nodes into values: keys keep their type, aliases share one value, merge keys are resolved. */
class Reader {
  /** Where keys stand that their mapping has already. */
  readonly duplicates: number[] = [];
  private readonly sizes = new WeakMap<object, number>();
  private readonly known = new Map<Node, ConfigValue>();
  private readonly open = new Set<Node>();
  /** Nodes by their anchor, in the order of the text: an alias means the last one before it. */
  private readonly anchors = new Map<string, Node>();

  read(node: Node | ParsedNode, depth: number): ConfigValue {
    const offset = node.range?.[0] ?? 0;
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target === undefined) throw new NodeError(`the alias *${node.source} names no anchor before it`, offset);
      return this.read(target, depth);
    }
    const known = this.known.get(node);
    if (known !== undefined) return known;
    if (depth > maxDepth) throw new NodeError(tooDeep, offset);
    if (this.open.has(node)) throw new NodeError('an alias inside the very thing it stands for', offset);
    this.open.add(node);
    if ('anchor' in node && node.anchor !== undefined) this.anchors.set(node.anchor, node);
    const value = this.readNew(node, depth, offset);
    this.open.delete(node);
    this.known.set(node, value);
    return value;
  }

  private readNew(node: Node, depth: number, offset: number): ConfigValue {
    if (isYamlMap(node) || isSeq(node)) placed(offset, () => requirePlainCollection(node));
    if (isYamlMap(node)) return this.counted(this.readMap(node, depth), offset);
    if (isSeq(node)) return this.counted(this.readSeq(node, depth), offset);
    if (!isScalar(node)) throw new NodeError('unexpected kind of YAML node', offset);
    return placed(offset, () => scalarOf(node));
  }

  private readSeq(node: YAMLSeq, depth: number): ConfigValue[] {
    return node.items.map((item) => (isNodeLike(item) ? this.read(item, depth + 1) : null));
  }

  private readMap(node: YAMLMap, depth: number): Map<Key, ConfigValue> {
    const own = new Map<Key, ConfigValue>();
    const merged: ConfigValue[] = [];
    for (const { key, value } of node.items) {
      const name = isNodeLike(key) ? this.read(key, depth + 1) : null;
      const read = isNodeLike(value) ? this.read(value, depth + 1) : null;
      if (isMap(name) || isList(name)) throw new NodeError('a mapping or list cannot be a key', nodeOffset(key));
      if (isScalar(key) && key.type === 'PLAIN' && name === '<<') {
        if (merged.length > 0) this.duplicates.push(nodeOffset(key)); // which of them wins depends on the reader
        merged.push(...this.mergeSources(read, value).reverse());
      } else {
        if (own.has(name)) this.duplicates.push(nodeOffset(key));
        own.set(name, read);
      }
    }
    if (merged.length === 0) return own;
    const result = new Map<Key, ConfigValue>();
    for (const source of [...merged, own]) if (isMap(source)) for (const [k, v] of source) result.set(k, v);
    return result;
  }

  /** What stands after `<<:`, a mapping or a list of them of which earlier ones win. */
  private mergeSources(value: ConfigValue, node: unknown): ConfigValue[] {
    const sources = isList(value) ? [...value] : [value];
    if (!sources.every(isMap)) throw new NodeError('<<: wants a mapping or a list of mappings', nodeOffset(node));
    return sources;
  }

  /** Refuses values that aliases blow up: the size counts every value as often as it is reached. */
  private counted<T extends ConfigValue & object>(value: T, offset: number): T {
    const members: Iterable<ConfigValue> = isMap(value) ? value.values() : isList(value) ? value : [];
    let size = 1;
    for (const member of members)
      size += typeof member === 'object' && member !== null ? (this.sizes.get(member) ?? 1) : 1;
    if (size > maxNodes) throw new NodeError(`aliases unfold this to more than ${maxNodes} values`, offset);
    this.sizes.set(value, size);
    return value;
  }
}

function isNodeLike(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isYamlMap(value) || isSeq(value);
}

function nodeOffset(value: unknown): number {
  return isNodeLike(value) ? (value.range?.[0] ?? 0) : 0;
}
