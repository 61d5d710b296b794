import type { Mode } from '../../domain/config/procedure.js';
import type { FileReference } from '../../domain/scan/tasks.js';
import type { TypedMap } from '../../domain/config/value.js';

/** What decides the result of an analysis, and where it goes. */
export interface AnalysisBasis {
  /** `module_name` of the procedure. */
  readonly module: string;
  /** Folders with users' analyses, absolute. */
  readonly folders: readonly string[];
  /** HDF5 tables of the DAQ procedures, in their order, with the sha256 of each file. */
  readonly inputs: readonly FileReference[];
  readonly mode: Mode;
  readonly parameters: TypedMap;
  /** Who asks for it to be run again, whatever is there: results that were made for the same one hold. */
  readonly again?: string | undefined;
  /** Counts the runs that were measured with a calibration of it. */
  readonly downstream?: (calibration: FileReference) => Promise<number>;
  /** Gets the declared outputs, `stdout.log`, `stderr.log` and `analysis.json`. */
  readonly outputDir: string;
}
