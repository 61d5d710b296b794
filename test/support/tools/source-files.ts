import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import ts from 'typescript';
import { root } from '../disk/folders.js';

export interface Import {
  /** Path from `src/` without extension for our own files (`domain/errors`), else the package's name. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
}

export interface Text {
  readonly text: string;
  /** Whether it is a piece of a path: an argument of `join`. */
  readonly joined: boolean;
}

export interface SourceFile {
  /** Path from `src/` without extension. */
  readonly name: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Texts in quotes and the fixed pieces of templates, but not what modules are imported by. */
  readonly texts: readonly Text[];
  /** Globals that are called, constructed or whose members are used: `Date`, `process`. `Date.parse` needs no clock. */
  readonly globals: ReadonlySet<string>;
}

/** All files of `src`, parsed. */
export function readSources(): SourceFile[] {
  const folder = join(root, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => readSource(folder, path));
}

function readSource(folder: string, path: string): SourceFile {
  const text = readFileSync(join(folder, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: Import[] = [];
  const texts: Text[] = [];
  const globals = new Set<string>();
  const visit = (node: ts.Node): void => {
    const found = readImport(node, path);
    if (found !== undefined) imports.push(found);
    if (isText(node)) texts.push({ text: node.text, joined: isJoined(node) });
    if (ts.isIdentifier(node) && isUsed(node)) globals.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { name: nameOf(path), text, lines: text.split('\n').length - 1, imports, texts, globals };
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateLiteralLikeNode {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateLiteralToken(node)) return false;
  return !ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent);
}

function isJoined({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && parent.expression.getText() === 'join';
}

function readImport(node: ts.Node, path: string): Import | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    const specifier = node.moduleSpecifier;
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return undefined;
    const typeOnly = ts.isExportDeclaration(node) ? node.isTypeOnly : isTypeOnly(node.importClause);
    return describe(specifier.text, typeOnly, path);
  }
  const [argument] =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments : [];
  return argument !== undefined && ts.isStringLiteral(argument) ? describe(argument.text, false, path) : undefined;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return clause.name === undefined && bindings !== undefined && ts.isNamedImports(bindings)
    ? bindings.elements.every((element) => element.isTypeOnly)
    : false;
}

function describe(specifier: string, typeOnly: boolean, path: string): Import {
  if (specifier.startsWith('.')) {
    return { target: nameOf(normalize(join(dirname(path), specifier))), own: true, typeOnly };
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return { target: name, own: false, typeOnly };
}

function nameOf(path: string): string {
  return relative('.', path)
    .split(sep)
    .join('/')
    .replace(/\.[jt]s$/, '');
}

function isUsed(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.getText() === 'Date.parse') return false;
  const isCallee = ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isPropertyAccessExpression(parent);
  return isCallee && parent.expression === node;
}

/** The first ring of imports that is found, as the names on it; undefined where there is none. */
export function findCycle(files: readonly SourceFile[]): string[] | undefined {
  const byName = new Map(files.map((file) => [file.name, file]));
  const done = new Set<string>();
  const follow = (name: string, trail: readonly string[]): string[] | undefined => {
    const start = trail.indexOf(name);
    if (start >= 0) return [...trail.slice(start), name];
    if (done.has(name)) return undefined;
    const own = byName.get(name)?.imports.filter((each) => each.own) ?? [];
    for (const { target } of own) {
      const cycle = follow(target, [...trail, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of files) {
    const cycle = follow(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** All files that `name` leads to by imports of values, with the packages on the way. */
export function reachable(name: string, files: readonly SourceFile[]): ReadonlySet<string> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const seen = new Set<string>();
  const follow = (target: string): void => {
    if (seen.has(target)) return;
    seen.add(target);
    for (const each of byName.get(target)?.imports ?? []) if (!each.typeOnly) follow(each.target);
  };
  follow(name);
  return seen;
}
