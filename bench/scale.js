// Prints what a scan of 5,000 runs (with --full: 100,000) on a stand that takes no time costs, as JSON.
import { scaleScan } from './scale-scan.js';

const given = process.argv.find((argument) => /^\d+$/.test(argument));
const figures = await scaleScan(process.argv.includes('--full') ? 100_000 : Number(given ?? 5000));
console.log(JSON.stringify(figures, undefined, 2));
