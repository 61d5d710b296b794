import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from './processes.js';

/**
 * What people do to a running scan, with our commands and with Temporal's own tools, and what they do to its files. None
 * of it may cost a run. `ends` says that the scan ends by it, and is to be started again into the same folder.
 */
export function interventions() {
  return [
    ours('pause and resume', 1.5, []),
    ours('pause --release and resume', 1.5, ['--release']),
    { name: 'resume', weight: 0.5, act: async (stage) => said(await command(stage, 'resume')) },
    tool('reset', 'scan', 1),
    tool('reset', 'procedure', 1),
    tool('cancel', 'scan', 0.7, true),
    tool('cancel', 'procedure', 0.7, true),
    tool('terminate', 'scan', 0.7, true),
    tool('terminate', 'procedure', 0.7, true),
    { name: 'edit network file', weight: 1, act: editNetwork },
    { name: 'second server', weight: 1.5, act: intrude },
    { name: 'copy of the folder', weight: 0.7, act: copy },
  ].map((kind) => ({ measuresAgain: false, ...kind }));
}

/** The scan may have ended, or the server be away: then nothing happens. */
async function command(stage, name, words = []) {
  const lines = [];
  const code = await stage.cli(name, [name, stage.scan.id, ...words], lines);
  return { code, text: lines.at(-1) ?? '' };
}

function said({ code, text }) {
  return `${text.slice(0, 60)}, exit code ${code}`;
}

function ours(name, weight, words) {
  const act = async (stage, random) => {
    const seconds = random.between(0.1, 4);
    const paused = await command(stage, 'pause', words);
    await delay(1000 * seconds);
    // whatever else happens meanwhile: a scan that stays paused would wait for ever
    await waitFor('a resume that is heard', async () => isHeard(await command(stage, 'resume')), 120);
    return `${seconds.toFixed(1)} s, ${said(paused)}`;
  };
  return { name, weight, act };
}

function isHeard({ code, text }) {
  return code === 0 || /ended already|no scan/.test(text);
}

function tool(name, target, weight, ends = false) {
  const act = async (stage) => {
    const id = target === 'scan' ? stage.scan.id : await stage.runningProcedure();
    if (id === undefined) return 'no procedure was running';
    const more = name === 'reset' ? ['--type', 'FirstWorkflowTask', '--reason', 'chaos'] : [];
    if (ends) stage.scan.felled = true; // before it can be seen that it has ended
    const code = await stage.temporal(['workflow', name, '--workflow-id', id, ...more]);
    return `${id}, exit code ${code}`;
  };
  return { name: `${name} ${target}`, weight, act };
}

/** An unfinished save, or an address where no stand is. */
async function editNetwork(stage, random) {
  const { network } = stage.scan;
  const unfinished = random.next() < 0.5;
  writeFileSync(network, unfinished ? 'server: {hostname' : 'name: local\nserver: {hostname: 127.0.0.9}\n');
  return unfinished ? 'unfinished' : 'another address';
}

/** Another server's scan into the same folder must be refused while ours has it. */
async function intrude(stage) {
  const { main, procedures, output, copyOfNetwork } = stage.scan;
  const lines = [];
  const words = ['run', main, ...procedures, '--network', copyOfNetwork, '--output', output, '--id', 'intruder'];
  const code = await stage.cli('second server', words, lines, stage.second.environment);
  const text = lines.join(' | ');
  // one that closes has given its folder free, and writes its report
  if (code === 0 && stage.said.some((line) => / closing\b/.test(line))) return 'let in: the scan was over';
  if (code === 0) throw new Error(`a scan of a second server was let in: ${text}`);
  return `refused: ${/the scan [^|]* is writing into|being written|is writing/.exec(text)?.[0]?.slice(0, 60) ?? lines.at(-1)}`;
}

/** A copy of the folder can be planned with, while its original is written. */
async function copy(stage) {
  const { main, procedures, output } = stage.scan;
  const copied = join(stage.folder, 'copy');
  cpSync(output, copied, { recursive: true, preserveTimestamps: true, filter: (path) => !path.endsWith('.tmp') });
  const code = await stage.cli('copy', ['plan', main, ...procedures, '--output', copied]);
  rmSync(copied, { recursive: true, force: true });
  if (code !== 0) throw new Error(`a copy of the folder cannot be planned with: exit code ${code}`);
  return 'planned with';
}
