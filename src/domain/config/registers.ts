/** What is known of a chip parameter: its block, its register's range and power-on value. */
export interface RegisterDescription {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
  readonly meaning?: string;
}

/** Range of a chip parameter in a block (`ch`, `Top`, …), undefined where nothing is known of it. */
export function registerRange(block: string, parameter: string): RegisterDescription | undefined {
  return blocks.get(block)?.get(parameter);
}

const blocks = new Map<string, ReadonlyMap<string, RegisterDescription>>();
