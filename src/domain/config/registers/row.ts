/** One parameter: name, bits of its register, power-on value, meaning where it is known. */
export type RegisterRow = readonly [name: string, bits: number, powerOn: number, meaning?: string];
