/** YAML as PyYAML reads and writes it; keys keep their type. */
export { parseSource, parseYaml } from './yaml-read.js';
export { formatScalar, formatYaml } from './yaml-write.js';
