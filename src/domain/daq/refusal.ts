/**
 * What slow-control servers say of a configuration that they refuse: of names or values that the board does not have.
 * A coordinator puts words of its own before it. Whatever else a server answers may be the board, power or cables: the
 * errno of its bus as a number or a text ("No such device or address", "Remote I/O error"), a register that does not
 * read back as written.
 */
const refusals: readonly RegExp[] = [
  // roc-configuration ends with the chip's name what its check of names and bounds finds, and nothing else;
  // older ones quote it: "Calib is 4096 and outside of bounds [0,4095] in 0 in ReferenceVoltage in ROC roc_s0"
  / in ROC \w+'?$/,
  // nothing is asked for that belongs to a chip of this board
  /\bNo ROC configuration performed|\bNo ROCs from config found in ROCs\b/,
  // one that is too old for a field of the request
  /\bWrong keys? '/,
  // the simulator
  /\bunknown (chip|block|index|parameter) .+ in \S+$/,
  /\bvalue .+ of \S+ is out of range -?\d+ … -?\d+$/,
  /\binvalid request: /,
];

/** Whether an error text speaks of the configuration itself, which is refused however often it is sent. */
export function refusesConfiguration(text: string): boolean {
  return refusals.some((refusal) => refusal.test(text.trim()));
}
