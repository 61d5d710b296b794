import { LineCounter, isAlias, isMap as isYamlMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Node, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import { ConfigError, type Problem } from '../../errors.js';
import { Source, excerptAt, type Parsed } from './source.js';
import { isList, isMap, type ConfigValue, type Key } from '../value.js';
import { scalarOf } from './yaml-node.js';
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

function parseNodes(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  const place = placeIn(text, file, lines);
  const problems: Problem[] = documents.flatMap((document) =>
    document.errors.map((error) => ({
      severity: 'error' as const,
      message: `no valid YAML: ${error.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, '')}`,
      ...place(error.pos[0]),
    })),
  );
  if (problems.length === 0 && documents.length > 1) {
    const offset = documents[1].range[0];
    problems.push({ severity: 'error', message: 'a second YAML document begins here', ...place(offset) });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { document: documents[0], lines };
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
    if (depth > maxDepth) throw new NodeError(`nested deeper than ${maxDepth} levels`, offset);
    if (this.open.has(node)) throw new NodeError('an alias inside the very thing it stands for', offset);
    this.open.add(node);
    if ('anchor' in node && node.anchor !== undefined) this.anchors.set(node.anchor, node);
    const value = this.readNew(node, depth, offset);
    this.open.delete(node);
    this.known.set(node, value);
    return value;
  }

  private readNew(node: Node, depth: number, offset: number): ConfigValue {
    if (isYamlMap(node)) return this.counted(this.readMap(node, depth), offset);
    if (isSeq(node)) return this.counted(this.readSeq(node, depth), offset);
    if (!isScalar(node)) throw new NodeError('unexpected kind of YAML node', offset);
    try {
      return scalarOf(node);
    } catch (error) {
      throw new NodeError(error instanceof Error ? error.message : String(error), offset);
    }
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
      if (isScalar(key) && key.type === 'PLAIN' && name === '<<') merged.push(...this.mergeSources(read, value));
      else {
        if (own.has(name)) this.duplicates.push(nodeOffset(key));
        own.set(name, read);
      }
    }
    if (merged.length === 0) return own;
    const result = new Map<Key, ConfigValue>();
    for (const source of [...merged.reverse(), own]) if (isMap(source)) for (const [k, v] of source) result.set(k, v);
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
