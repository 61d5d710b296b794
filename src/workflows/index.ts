/** The workflow types; their names are what users start and what histories hold. */
export { valveYard } from './valve-yard.js';
export { well } from './well.js';
export { distillery } from './distillery.js';
export { testStand } from './test-stand.js';
export { benchLease } from './bench-lease.js';
