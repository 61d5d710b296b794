import type { CommandEntry } from './command.js';

/** All commands, in the order of the help text. */
export const commands: readonly CommandEntry[] = [
  { name: 'demo', summary: 'everything on this machine, without hardware', load: () => import('./commands/demo.js') },
  {
    name: 'new',
    summary: 'a folder to begin with: main file, board files, network file',
    load: () => import('./commands/new.js'),
  },
  { name: 'run', summary: 'start a scan and follow it', load: () => import('./commands/run.js') },
  { name: 'list', summary: 'scans that the server knows', load: () => import('./commands/list.js') },
  { name: 'status', summary: 'progress of a scan', load: () => import('./commands/status.js') },
  { name: 'watch', summary: 'follow a scan to its end', load: () => import('./commands/watch.js') },
  { name: 'pause', summary: 'pause a scan after the run in hand', load: () => import('./commands/pause.js') },
  { name: 'resume', summary: 'go on with a paused scan', load: () => import('./commands/resume.js') },
  { name: 'abort', summary: 'end a scan; what was measured stays', load: () => import('./commands/abort.js') },
  { name: 'answer', summary: 'accept or reject a calibration', load: () => import('./commands/answer.js') },
  {
    name: 'stand',
    summary: 'who uses a stand, who waits for it; its chips',
    load: () => import('./commands/stand.js'),
  },
  {
    name: 'up',
    summary: 'Temporal server and workers of all roles on this machine',
    load: () => import('./commands/up.js'),
  },
  { name: 'worker', summary: 'workers of one or more roles', load: () => import('./commands/worker.js') },
  {
    name: 'simulate',
    summary: 'test stands without hardware, for trying things out',
    load: () => import('./commands/simulate.js'),
  },
  {
    name: 'doctor',
    summary: 'what is there and what is missing on this computer',
    load: () => import('./commands/doctor.js'),
  },
  { name: 'setup', summary: 'find or make the Temporal CLI', load: () => import('./commands/setup.js') },
  { name: 'unpack', summary: 'raw files to a table', load: () => import('./commands/unpack.js') },
  { name: 'table', summary: 'a look into a table', load: () => import('./commands/table.js') },
  {
    name: 'report',
    summary: 'report.html of an output folder, or a live page',
    load: () => import('./commands/report.js'),
  },
  {
    name: 'verify',
    summary: 'whether an output folder is what was measured',
    load: () => import('./commands/verify.js'),
  },
  { name: 'plan', summary: 'what a scan would do', load: () => import('./commands/plan.js') },
  { name: 'validate', summary: 'check a configuration', load: () => import('./commands/validate.js') },
  { name: 'yaml', summary: 'difference and overlay of configuration files', load: () => import('./commands/yaml.js') },
  { name: 'schema', summary: 'JSON schemas for editors', load: () => import('./commands/schema.js') },
];
