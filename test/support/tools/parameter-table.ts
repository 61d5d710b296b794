import {
  rangeText,
  type ParameterDeclaration,
  type ParameterDeclarations,
} from '../../../src/domain/analysis/parameters.js';

/** The parameters of an analysis as a table of the documentation. */
export function parameterTable(declared: ParameterDeclarations): string {
  const rows = Object.entries(declared).map(([name, each]) => {
    const { type, unit = '', default: usual, meaning } = each;
    const standard = usual === undefined ? '' : `\`${usual}\``;
    return `| \`${name}\` | ${type}${limits(each)} | ${unit} | ${standard} | ${meaning} |`;
  });
  if (rows.length === 0) return 'No parameters.';
  return ['| parameter | type | unit | default | meaning |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function limits(declaration: ParameterDeclaration): string {
  const { choices, unit: _, ...bare } = declaration;
  if (choices !== undefined) return `: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
  const range = rangeText(bare);
  return range === '' ? '' : `, ${range}`;
}
