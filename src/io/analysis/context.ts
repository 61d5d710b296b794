import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatCsv, formatUnits, unitsName } from '../../domain/analysis/csv.js';
import type { AnalysisContext } from '../../domain/analysis/interface.js';
import type { Mode } from '../../domain/config/procedure.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { formatYaml } from '../../domain/config/yaml/yaml.js';
import { svgToPng } from '../plot/png.js';
import { plotSvg } from '../plot/svg.js';

/** What an analysis is given in its child process: files go to `outputDir`, messages to the logs. */
export function makeContext(
  outputDir: string,
  mode: Mode,
  parameters: ConfigMap,
  signal: AbortSignal,
): AnalysisContext {
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    const file = join(outputDir, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  return {
    outputDir,
    mode,
    parameters,
    signal,
    log: {
      info: (text) => void process.stdout.write(`${text}\n`),
      warn: (text) => void process.stderr.write(`warning: ${text}\n`),
    },
    async plot(name, spec) {
      const svg = await plotSvg(spec);
      await write(`${name}.svg`, svg);
      await write(`${name}.png`, svgToPng(svg));
    },
    async csv(name, columns) {
      await write(name, formatCsv(columns));
      const units = formatUnits(columns);
      if (units !== undefined) await write(unitsName(name), units);
    },
    text: write,
    calibration: (name, fragment) => write(name, formatYaml(fragment)),
  };
}
