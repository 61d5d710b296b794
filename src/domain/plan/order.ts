import type { Configuration } from '../config/reading/configuration.js';
import { suggestion } from '../config/nearest.js';
import type { AnalysisProcedure, DaqProcedure, PlannedProcedure, Procedure } from '../config/procedure.js';
import { ConfigError } from '../errors.js';

type Entries = Pick<Configuration, 'procedures' | 'workflows'>;

/**
 * Order of execution of the named procedures and workflows: what a procedure needs comes before it, else as asked for.
 * A dependency that was planned already is shared where the same calibrations are laid on it (its run keys are then the
 * same); a procedure that is asked for a second time is taken a second time, as `NAME.2`.
 */
export function orderProcedures(configuration: Entries, names: readonly string[]): PlannedProcedure[] {
  const planner = new Planner(configuration);
  for (const name of names) planner.ask(name, 'asked for');
  return planner.planned;
}

/** Procedures of a scan after all workflows are taken apart; its history must stay within the server's limits. */
const proceduresAtMost = 500;
/** Steps of taking workflows apart, which may name each other twice over. */
const stepsAtMost = 100_000;

class Planner {
  private steps = 0;
  readonly planned: PlannedProcedure[] = [];
  /** Planned names that the user asked for by themselves. */
  private readonly asked = new Set<string>();

  constructor(private readonly configuration: Entries) {}

  ask(name: string, reason: string): void {
    this.step();
    const workflow = this.configuration.workflows.get(name);
    if (workflow !== undefined) {
      for (const task of workflow.tasks) this.ask(task, `task of ${name}`);
      return;
    }
    // what came in as a dependency already is what is asked for; what was asked for before is wanted once more
    const waiting = this.occurrences(name).filter((entry) => !this.asked.has(entry.name));
    const entry = waiting.at(-1) ?? this.add(this.find(name), reason);
    this.asked.add(entry.name);
  }

  /** An occurrence of a dependency that can be shared, or a new one. */
  private need(name: string, reason: string): PlannedProcedure[] {
    this.step();
    const workflow = this.configuration.workflows.get(name);
    if (workflow !== undefined) return workflow.tasks.flatMap((task) => this.need(task, reason));
    const procedure = this.find(name);
    const { calibrations, dependsOn } = this.prepare(procedure);
    const shared = this.occurrences(name).filter(
      (entry) =>
        sameNames(entry.calibrations, calibrations) &&
        (procedure.type === 'daq' || sameNames(entry.dependsOn, dependsOn)),
    );
    return [shared.at(-1) ?? this.append(procedure, reason, dependsOn, calibrations)];
  }

  private add(procedure: Procedure, reason: string): PlannedProcedure {
    const { dependsOn, calibrations } = this.prepare(procedure);
    return this.append(procedure, reason, dependsOn, calibrations);
  }

  /** Plans what the procedure needs. */
  private prepare(procedure: Procedure): Pick<PlannedProcedure, 'dependsOn' | 'calibrations'> {
    return procedure.type === 'analysis' ? this.prepareAnalysis(procedure) : this.prepareDaq(procedure);
  }

  private prepareAnalysis(procedure: AnalysisProcedure): Pick<PlannedProcedure, 'dependsOn' | 'calibrations'> {
    const data = procedure.daq.flatMap((name) => this.need(name, `data for ${procedure.name}`));
    return { dependsOn: unique(data.map(({ name }) => name)), calibrations: [] };
  }

  private prepareDaq(procedure: DaqProcedure): Pick<PlannedProcedure, 'dependsOn' | 'calibrations'> {
    const before = procedure.calibration.flatMap((name) => this.need(name, `calibration for ${procedure.name}`));
    const used = new Set(before.flatMap((entry) => [...this.usedToMake(entry), ...this.providedBy(entry)]));
    const calibrations = this.planned.map(({ name }) => name).filter((name) => used.has(name));
    return { dependsOn: unique([...before.map(({ name }) => name), ...calibrations]), calibrations };
  }

  /** Calibrations that were laid on the data an analysis read (or on the DAQ procedure itself). */
  private usedToMake(entry: PlannedProcedure): readonly string[] {
    if (entry.type === 'daq') return entry.calibrations;
    const data = this.planned.filter(({ name }) => entry.dependsOn.includes(name));
    return data.flatMap(({ calibrations }) => calibrations);
  }

  private providedBy(entry: PlannedProcedure): readonly string[] {
    const procedure = this.configuration.procedures.get(entry.procedure);
    return procedure?.type === 'analysis' && procedure.providesCalibration ? [entry.name] : [];
  }

  private append(
    procedure: Procedure,
    reason: string,
    dependsOn: readonly string[],
    calibrations: readonly string[],
  ): PlannedProcedure {
    const occurrence = this.occurrences(procedure.name).length + 1;
    const name = occurrence === 1 ? procedure.name : `${procedure.name}.${occurrence}`;
    const entry = { name, procedure: procedure.name, type: procedure.type, dependsOn, calibrations, reason };
    this.planned.push(entry);
    if (this.planned.length > proceduresAtMost) throw tooMany(`more than ${proceduresAtMost} procedures`);
    return entry;
  }

  private occurrences(procedure: string): PlannedProcedure[] {
    return this.planned.filter((entry) => entry.procedure === procedure);
  }

  private step(): void {
    if (++this.steps > stepsAtMost) throw tooMany(`workflows that name each other more than ${stepsAtMost} times over`);
  }

  private find(name: string): Procedure {
    const procedure = this.configuration.procedures.get(name);
    if (procedure !== undefined) return procedure;
    const remedy = suggestion(name, [...this.configuration.procedures.keys(), ...this.configuration.workflows.keys()]);
    const message = `there is no procedure or workflow '${name}'`;
    throw new ConfigError([{ severity: 'error', message, ...(remedy === undefined ? {} : { remedy }) }]);
  }
}

function tooMany(what: string): ConfigError {
  const remedy = 'split it: scans into the same folder go on with what is there';
  return new ConfigError([{ severity: 'error', message: `the scan would have ${what}`, remedy }]);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
