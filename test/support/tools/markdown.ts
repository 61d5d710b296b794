import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../disk/folders.js';

/** Folders at the root, by which a path in a text is known as one. */
const folders = [
  'src',
  'test',
  'docs',
  'bench',
  'chaos',
  'scripts',
  'config-examples',
  'python',
  'bin',
  'types',
  '.ci',
];

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Files and folders of the project that a text names in backticks or links to, and that are not there. */
export function missingPaths(path: string): string[] {
  const text = readText(path);
  const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name).filter(isPath);
  const linked = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => join(dirname(path), target));
  return [...named, ...linked].filter((name) => !existsSync(join(root, name)));
}

function isPath(text: string): boolean {
  return folders.some((folder) => text.startsWith(`${folder}/`));
}

/** Links of a text to headings that are not there. */
export function missingHeadings(path: string): string[] {
  const links = [...readText(path).matchAll(/\]\(([^)#:]*)#([^)]*)\)/g)];
  return links
    .filter(([, file, anchor]) => !anchors(file === '' ? path : join(dirname(path), file)).includes(anchor))
    .map(([link]) => link);
}

/** As GitHub makes them from headings. */
function anchors(path: string): string[] {
  const headings = [...readText(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
