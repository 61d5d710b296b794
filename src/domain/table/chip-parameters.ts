import { channelBlocks, summaryOrder, summaryRow, type ChipChannel } from '../hgcroc/channels.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Key, type Scalar } from '../config/value.js';

const blockOfType: ReadonlyMap<number, string> = new Map(channelBlocks.map(({ type, block }) => [type, block]));

/** Blocks with an entry per half, in the order in which a later one wins. */
export const halfBlocks = ['DigitalHalf', 'GlobalAnalog', 'MasterTdc', 'ReferenceVoltage'] as const;

/** The block with one entry for the whole chip; it wins over all others. */
export const chipBlock = 'Top';

/** All blocks whose parameters can be columns. */
export const parameterBlocks: readonly string[] = [...blockOfType.values(), ...halfBlocks, chipBlock];

const chipKey = /^roc_s(\d+)$/;

/** Configurations of the chips `roc_s<N>` under `target`, by their number. */
export function chipsOf(state: ConfigMap): ReadonlyMap<number, ConfigMap> {
  const target = state.get('target');
  const chips = new Map<number, ConfigMap>();
  if (!isMap(target)) return chips;
  for (const [key, value] of target) {
    const number = chipKey.exec(String(key))?.[1];
    if (number !== undefined && isMap(value)) chips.set(Number(number), value);
  }
  return chips;
}

/** The values of one chip's parameters as its channels see them. */
export class ChipParameters {
  /** Entries of the channels, in summary order. */
  private readonly ofChannel: readonly (ConfigMap | undefined)[];
  /** Entries that hold for a half, the one that wins first. */
  private readonly ofHalf: readonly (readonly (ConfigMap | undefined)[])[];

  constructor(chip: ConfigMap | undefined) {
    const entry = (block: string, index: number): ConfigMap | undefined => {
      const found = element(chip?.get(block), index);
      return isMap(found) ? found : undefined;
    };
    this.ofChannel = summaryOrder.map(({ type, channel }) => entry(blockOfType.get(type) ?? '', channel));
    this.ofHalf = [0, 1].map((half) => [
      entry(chipBlock, 0),
      ...halfBlocks.map((block) => entry(block, half)).reverse(),
    ]);
  }

  /** What holds for all channels of a half, whatever their own entries say. */
  halfValue(name: string, half: number): Scalar | undefined {
    for (const entry of this.ofHalf[half]) {
      const value = entry?.get(name);
      if (isScalar(value)) return value;
    }
    return undefined;
  }

  /** What the channel's own entry says. */
  channelValue(name: string, channel: ChipChannel): Scalar | undefined {
    const value = this.ofChannel[summaryRow(channel)]?.get(name);
    return isScalar(value) ? value : undefined;
  }

  /** Names of the parameters that an entry has otherwise than it had before. Entries that are shared cost nothing. */
  differences(before: ChipParameters): ReadonlySet<string> {
    const names = new Set<string>();
    this.ofChannel.forEach((entry, i) => addDifferences(names, before.ofChannel[i], entry));
    this.ofHalf.forEach((entries, half) => {
      entries.forEach((entry, i) => addDifferences(names, before.ofHalf[half][i], entry));
    });
    return names;
  }
}

function addDifferences(names: Set<string>, before: ConfigMap | undefined, after: ConfigMap | undefined): void {
  if (before === after) return;
  for (const [name, value] of after ?? []) if (before?.get(name) !== value) names.add(String(name));
  for (const name of before?.keys() ?? []) if (after?.has(name) !== true) names.add(String(name));
}

/** An element of a block: by integer key, by the same as text (configurations that came through JSON), or of a list. */
function element(block: ConfigValue | undefined, index: number): ConfigValue | undefined {
  if (isMap(block)) return block.get(index) ?? block.get(String(index));
  return isList(block) ? block[index] : undefined;
}

/** Pairs of a mapping or a list. */
export function entriesOf(value: ConfigValue | undefined): Iterable<readonly [Key, ConfigValue]> {
  if (isMap(value)) return value;
  return isList(value) ? value.entries() : [];
}

/** Text, number or boolean; a null is no value that a column could show. */
export function isScalar(value: ConfigValue | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Calls `visit` for every parameter that can be a column; for one that chips or channels share, once. */
export function forEachParameter(
  state: ConfigMap,
  visit: (name: string, value: string | number | boolean, block: string) => void,
): void {
  const chips = [...chipsOf(state).values()];
  for (const block of parameterBlocks) {
    const visited = new Set<ConfigValue>();
    for (const chip of chips) {
      for (const [, entry] of entriesOf(chip.get(block))) {
        if (visited.has(entry)) continue;
        visited.add(entry);
        for (const [name, value] of entriesOf(entry)) {
          if (isScalar(value)) visit(String(name), value, block);
        }
      }
    }
  }
}
