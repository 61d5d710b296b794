/**
 * Room: YAML as the Python tool reads it, with the place of every value and findings about it; written so that the same
 * value gives the same text.
 * May use: domain, domain/config.
 */

/** YAML as PyYAML reads and writes it; keys keep their type. */
export { parseSource, parseYaml } from './yaml-read.js';
export { formatYaml } from './yaml-write.js';
