/** The workflow types; their names are what users start and what histories hold. */
export { valveYard } from './yard/valve-yard.js';
export { well } from './well/well.js';
export { distillery } from './distillery.js';
export { testStand } from './stand/test-stand.js';
export { benchLease } from './stand/bench-lease.js';
