import { startSimulator } from '../dist/simulator/simulator.js';

// A simulated stand in a process of its own, as its benchmark needs one: sends its ports, then its busy time whenever
// it is asked, and ends with its parent.
const simulator = await startSimulator(JSON.parse(process.argv[2]));
const [stand] = simulator.stands;
process.on('message', () => process.send(stand.busyTime()));
process.on('disconnect', () => process.exit());
process.send(stand.ports);
