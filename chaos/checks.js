import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Request } from 'zeromq';
import { connectClient } from '../dist/io/temporal/connection.js';
import { daqProcedures } from './scan-files.js';
import { processesWith } from './processes.js';

/** All lines of a procedure's manifest; a torn or broken line is a finding, hence thrown. */
export function manifestLines(output, procedure) {
  const path = join(output, procedure, 'manifest.jsonl');
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  return text.split('\n').slice(0, -1);
}

/** Lines in the manifests of all procedures so far. */
export function measured(output) {
  return daqProcedures.reduce((sum, procedure) => sum + manifestLines(output, procedure).length, 0);
}

/** What is wrong with the data. */
export function checkData({ output, reference, runs, linesAllowed }) {
  const wrong = [];
  let lines = 0;
  for (const procedure of daqProcedures) {
    const parsed = manifestLines(output, procedure).flatMap((line, n) => {
      try {
        return [JSON.parse(line)];
      } catch {
        wrong.push(`${procedure}/manifest.jsonl:${n + 1} is no JSON: ${line.slice(0, 80)}`);
        return [];
      }
    });
    lines += parsed.length;
    const last = new Map(parsed.map((line) => [line.run, line]));
    for (let run = 0; run < runs / daqProcedures.length; run++) wrong.push(...checkRun(output, procedure, run, last));
    const [here, there] = [output, reference].map((folder) => sha256(join(folder, `${procedure}.h5`)));
    if (here !== there) wrong.push(`${procedure}.h5 is not that of the undisturbed scan (${here})`);
  }
  if (lines - runs > linesAllowed) wrong.push(`${lines - runs} runs measured twice, ${linesAllowed} may`);
  wrong.push(...leftovers(output).map((name) => `left over: ${name}`));
  return { wrong, twice: lines - runs };
}

function checkRun(output, procedure, run, last) {
  const line = last.get(run);
  if (line === undefined) return [`${procedure}: run ${run} is not in the manifest`];
  const found = sha256(join(output, procedure, line.file));
  return found === line.sha256 ? [] : [`${procedure}: ${line.file} is not what the manifest says (${found})`];
}

function leftovers(output) {
  const names = readdirSync(output, { recursive: true }).map(String);
  return names.filter((name) => name.endsWith('.tmp'));
}

function sha256(path) {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'missing';
}

/** Whether the board is free: no lease, nothing queued, no data taken. Its lock is let go of seconds later. */
export async function checkBoard(stage) {
  const wrong = [];
  Object.assign(process.env, { TEMPORAL_ADDRESS: stage.address });
  const { client, close } = await connectClient();
  try {
    const view = await client.workflow.getHandle('stand/local').query('stand');
    if (view.lease !== null) wrong.push(`the stand is leased to ${view.lease.holder}`);
    if (view.queue.length > 0) wrong.push(`${view.queue.length} wait for the stand`);
  } finally {
    await close();
  }
  const state = await daqState(stage.network.standHost, stage.daqPort);
  if (state === 'running') wrong.push('the daq server takes data');
  return wrong;
}

async function daqState(host, port) {
  const socket = new Request({ linger: 0, receiveTimeout: 5000 });
  socket.connect(`tcp://${host}:${port}`);
  try {
    await socket.send('status');
    return String((await socket.receive())[0]);
  } finally {
    socket.close();
  }
}

/** After all was stopped: processes, locks. */
export function checkLeftBehind(stage) {
  const wrong = (processesWith(stage.mark) ?? []).map(({ pid, args }) => `process ${pid} is left: ${args}`);
  const stands = join(stage.state, 'datenraffinerie', 'stands');
  for (const name of existsSync(stands) ? readdirSync(stands) : []) {
    if (name.endsWith('.holder.json')) wrong.push(`${name} is left beside the lock`);
    if (name.endsWith('.lock') && !isFree(join(stands, name))) wrong.push(`${name} is held`);
  }
  return wrong;
}

function isFree(path) {
  try {
    execFileSync('flock', ['--nonblock', path, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
