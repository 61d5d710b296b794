import {
  isAlias,
  isMap as isYamlMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type LineCounter,
  type Node,
} from 'yaml';
import type { Problem } from '../../errors.js';
import type { ConfigValue, Key } from '../value.js';
import { isFloatNode, keyOf } from './yaml-node.js';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The nodes of a YAML text and where its lines begin. */
export interface Parsed {
  readonly document: Document.Parsed | undefined;
  readonly lines: LineCounter;
}

/** A YAML file that was read: its value, and where in the text each part of it stands. */
export class Source {
  constructor(
    readonly file: string,
    readonly text: string,
    readonly value: ConfigValue,
    private readonly parse: () => Parsed,
    private readonly duplicates: readonly number[] = [],
  ) {}

  /** Keys that stand twice in a mapping: YAML readers take the last one in silence. */
  warnings(): Problem[] {
    return this.duplicates.map((offset) => {
      const { line, column } = this.placeAt(offset);
      return {
        severity: 'warning',
        message: 'this key stands in the mapping already; the last one counts',
        file: this.file,
        line,
        column,
        excerpt: excerptAt(this.text, line),
        remedy: 'remove one of them',
      };
    });
  }

  /** The text's nodes: made only where a position is asked for. */
  private get document(): Document.Parsed | undefined {
    return (this.parsed ??= this.parse()).document;
  }

  private parsed: Parsed | undefined;

  /** Line and column of the value at `path`, or of its key; where the path ends early, of what is nearest. */
  place(path: readonly Key[], at: 'key' | 'value' = 'value'): Place {
    let node: Node | null = this.document?.contents ?? null;
    let offset = node?.range?.[0] ?? 0;
    for (const [depth, key] of path.entries()) {
      const found = this.step(node, key);
      if (found === undefined) break;
      node = found.value;
      const last = depth === path.length - 1;
      offset = (last && at === 'key' ? found.keyOffset : undefined) ?? node?.range?.[0] ?? found.keyOffset ?? offset;
    }
    return this.placeAt(offset);
  }

  /** Whether the number at `path` is written as a float. */
  isFloat(path: readonly Key[]): boolean {
    let node: Node | null = this.document?.contents ?? null;
    for (const key of path) node = this.step(node, key)?.value ?? null;
    const target = this.resolve(node);
    return isScalar(target) && isFloatNode(target);
  }

  /** A finding at `path`, with file, line, column and the line's text. */
  problem(
    path: readonly Key[],
    message: string,
    options: { remedy?: string; severity?: Problem['severity']; at?: 'key' | 'value' } = {},
  ): Problem {
    const { line, column } = this.place(path, options.at ?? 'value');
    const excerpt = excerptAt(this.text, line);
    return {
      severity: options.severity ?? 'error',
      message,
      file: this.file,
      line,
      column,
      ...(excerpt === '' ? {} : { excerpt }),
      ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
    };
  }

  private placeAt(offset: number): Place {
    const { line, col } = (this.parsed ??= this.parse()).lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  private resolve(node: Node | null): Node | null {
    return isAlias(node) && this.document ? (node.resolve(this.document) ?? null) : node;
  }

  private step(parent: Node | null, key: Key): { keyOffset?: number; value: Node | null } | undefined {
    const node = this.resolve(parent);
    if (isSeq(node)) {
      const item: unknown = node.items[Number(key)];
      return isNode(item) ? { value: item } : undefined;
    }
    if (!isYamlMap(node)) return undefined;
    for (const pair of [...node.items].reverse()) {
      if (!isPair(pair) || !isScalar(pair.key) || String(keyOf(pair.key)) !== String(key)) continue;
      const keyOffset = pair.key.range?.[0];
      return { ...(keyOffset === undefined ? {} : { keyOffset }), value: isNode(pair.value) ? pair.value : null };
    }
    return this.stepIntoMerged(node, key);
  }

  /** A key that came by `<<:` stands in another mapping. */
  private stepIntoMerged(node: Node, key: Key): { keyOffset?: number; value: Node | null } | undefined {
    if (!isYamlMap(node)) return undefined;
    for (const pair of node.items) {
      if (!isScalar(pair.key) || pair.key.value !== '<<' || !isNode(pair.value)) continue;
      const merged = isSeq(pair.value) ? pair.value.items : [pair.value];
      for (const item of merged) {
        const found = isNode(item) ? this.step(item, key) : undefined;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

/** The line's text, cut where it is long. */
export function excerptAt(text: string, line: number): string {
  const row = text.split('\n', line)[line - 1]?.trim() ?? '';
  return row.length > 120 ? `${row.slice(0, 117)}...` : row;
}
