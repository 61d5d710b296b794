import { DatenraffinerieError } from '../errors.js';

/** More chip numbers than any board has: a file with more is damaged, and would cost memory for each. */
const chipLimit = 64;

/** Numbers the chips of a file in the order of their first record, so that counters of a chip are found by index. */
export class ChipSlots {
  /** Chip number of each slot. */
  readonly chips: number[] = [];
  private readonly slotOfSmall = new Int8Array(chipLimit).fill(-1);

  slotOf(chip: number): number {
    const slot = chip >= 0 && chip < chipLimit ? this.slotOfSmall[chip] : this.chips.indexOf(chip);
    return slot >= 0 ? slot : this.add(chip);
  }

  private add(chip: number): number {
    const slot = this.chips.length;
    if (slot === chipLimit) {
      throw new DatenraffinerieError(
        'DataError',
        `the file has records of more than ${chipLimit} chips (the next is chip ${chip}): it is damaged`,
      );
    }
    this.chips.push(chip);
    if (chip >= 0 && chip < chipLimit) this.slotOfSmall[chip] = slot;
    return slot;
  }
}
