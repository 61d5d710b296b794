import type { Procedure } from '../procedure.js';
import type { Section } from '../yaml/validate.js';

/** A named sequence of procedures or of other workflows. */
export interface WorkflowEntry {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** An entry of a file with its section; the procedure is undefined where it is wrong. */
export interface Entry {
  readonly name: string;
  readonly section: Section;
  readonly procedure?: Procedure | undefined;
  readonly workflow?: WorkflowEntry | undefined;
}
