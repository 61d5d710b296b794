/** `tot` of a channel word's 10 bits: where bit 9 is set, the other nine are the upper bits of a 12-bit value. */
export function expandTot(code: number): number {
  return (code & 0x200) === 0 ? code : (code & 0x1ff) << 3;
}
