import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A small disk of its own, in memory; undefined where we may not mount one. */
export function mountDisk(folder, megabytes) {
  mkdirSync(folder, { recursive: true });
  try {
    const words = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'datenraffinerie-chaos', folder];
    execFileSync('mount', words, { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { folder, release: () => execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' }) };
}
