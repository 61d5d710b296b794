/** A thread function that ends its thread. */
export function die() {
  process.exit(3);
}
