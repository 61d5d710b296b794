import { extname, join } from 'node:path';
import type { Picture } from '../../domain/report/model.js';
import { openRegular, statIfExists } from '../files.js';

/** Larger vector pictures would make the page slow: their PNG is taken where there is one. */
const maxSvgBytes = 1_000_000;
const maxPictureBytes = 30_000_000;

const types = new Map([
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.gif', 'image/gif'],
  ['.webp', 'image/webp'],
]);

/** Whether a report shows a file as a picture. */
export function isPicture(file: string): boolean {
  return types.has(extname(file).toLowerCase());
}

/** Pictures among the files of a folder, each once: of NAME.svg and NAME.png the one that suits a page. */
export async function readPictures(folder: string, files: readonly string[]): Promise<Picture[]> {
  const byName = new Map<string, string[]>();
  for (const file of files.filter(isPicture)) {
    const name = file.slice(0, -extname(file).length); // with its folder: two may have the same name
    byName.set(name, [...(byName.get(name) ?? []), join(folder, file)]);
  }
  const pictures = [...byName].map(async ([name, versions]) => {
    const data = await dataAddress(await choose(versions));
    return data === undefined ? [] : [{ name, data }];
  });
  return (await Promise.all(pictures)).flat();
}

async function choose(versions: readonly string[]): Promise<string> {
  const vector = versions.find((file) => extname(file) === '.svg');
  const pixels = versions.find((file) => extname(file) !== '.svg');
  if (vector === undefined || pixels === undefined) return versions[0];
  return ((await statIfExists(vector))?.size ?? 0) > maxSvgBytes ? pixels : vector;
}

/** Undefined of what is no regular file, or too large for a page. */
async function dataAddress(path: string): Promise<string | undefined> {
  const file = await openRegular(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).size > maxPictureBytes) return undefined;
    return address(path, await file.readFile());
  } finally {
    await file.close();
  }
}

function address(file: string, bytes: Buffer): string {
  const type = types.get(extname(file).toLowerCase()) ?? 'application/octet-stream';
  return `data:${type};base64,${bytes.toString('base64')}`;
}

/** A picture of SVG text. */
export function svgPicture(name: string, svg: string): Picture {
  return { name, data: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}
