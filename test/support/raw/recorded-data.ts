import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of recorded runs of a real board: DATENRAFFINERIE_TEST_DATA, else beside the clone; undefined if absent. */
export const recordedFolder: string | undefined = findFolder();

function findFolder(): string | undefined {
  const beside = fileURLToPath(new URL('../../../../shared/data/hexaboard-scan', import.meta.url));
  const folder = process.env['DATENRAFFINERIE_TEST_DATA'] ?? beside;
  return existsSync(`${folder}/test_run_1.raw`) ? folder : undefined;
}

/** Numbers of the recorded runs: three phases of 16 points. */
export const recordedRuns: readonly number[] = [0, 48, 96].flatMap((first) =>
  Array.from({ length: 16 }, (_, i) => first + i + 1),
);

export function recordedPath(run: number): string {
  return `${recordedFolder}/test_run_${run}.raw`;
}

/** An expected table: column names and one array of numbers per column. */
export function expectedTable(name: string): ReadonlyMap<string, readonly number[]> {
  const lines = readFileSync(`${recordedFolder}/expected/${name}`, 'utf8').trim().split('\n');
  const rows = lines.slice(1).map((line) => line.split(',').map(Number));
  return new Map(lines[0].split(',').map((column, i) => [column, rows.map((row) => row[i])]));
}
