import { delimiter } from 'node:path';
import type { ReadOptions } from './config-reader.js';

/** Folders that configurations may lie in, from DATENRAFFINERIE_CONFIG_ROOTS (separated like PATH); unset: anywhere. */
export function configRoots(environment: NodeJS.ProcessEnv = process.env): ReadOptions {
  const roots = environment['DATENRAFFINERIE_CONFIG_ROOTS'];
  return roots ? { roots: roots.split(delimiter).filter((root) => root !== '') } : {};
}
