import { posix } from 'node:path';
import { type SourceFile } from './source-files.js';

/** A folder of `src`, as the opening comment of its door has it. */
export interface Room {
  readonly name: string;
  /** Files that begin with a nameplate; a room has one. */
  readonly doors: readonly string[];
  /** Rooms that its files may import: names, or everything below a folder (`domain/*`). */
  readonly mayUse: readonly string[];
  readonly files: readonly SourceFile[];
}

/** Files that put rooms together: nothing imports them, and they stand above all rooms. */
export const roofs: ReadonlySet<string> = new Set(['client/main', 'client/commands', 'workflows/index']);

const nameplate = /^\/\*\*\n \* Room: ([\s\S]+?) \* May use: ([\s\S]+?)\.\n \*\/\n\n/;

/** All folders of `src` with files in them. */
export function findRooms(files: readonly SourceFile[]): Room[] {
  const names = [...new Set(files.map((file) => roomOf(file.name)))].sort();
  return names.map((name) => {
    const inside = files.filter((file) => roomOf(file.name) === name);
    const doors = inside.filter((file) => nameplate.test(file.text));
    return { name, files: inside, doors: doors.map((file) => file.name), mayUse: doors.flatMap(usesOf) };
  });
}

export function roomOf(file: string): string {
  return posix.dirname(file);
}

function usesOf(door: SourceFile): string[] {
  const list = nameplate.exec(door.text)?.[2] ?? '';
  const names = list.replaceAll(/\s*\n \*\s*/g, ' ').split(', ');
  return names.filter((name) => name !== 'nothing');
}

/** Imports of a room that its nameplate does not allow. */
export function findStrays(room: Room): string[] {
  return room.files
    .filter((file) => !roofs.has(file.name))
    .flatMap((file) =>
      file.imports
        .filter((each) => each.own && !mayUse(room, roomOf(each.target)))
        .map((each) => `${file.name} imports ${each.target}`),
    );
}

function mayUse(room: Room, other: string): boolean {
  if (other === room.name) return true;
  return room.mayUse.some((name) => (name.endsWith('/*') ? `${other}/`.startsWith(name.slice(0, -1)) : other === name));
}

/** Rooms as files that import rooms, so that a ring of rooms is found like a ring of files. */
export function roomsAsFiles(rooms: readonly Room[]): SourceFile[] {
  return rooms.map((room) => {
    const targets = room.files
      .filter((file) => !roofs.has(file.name))
      .flatMap((file) => file.imports.filter((each) => each.own))
      .map((each) => ({ ...each, target: roomOf(each.target) }));
    const others = targets.filter(({ target }) => target !== room.name);
    return { name: room.name, text: '', lines: 0, imports: others, texts: [], globals: new Set<string>() };
  });
}
