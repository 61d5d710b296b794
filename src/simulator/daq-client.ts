import { rename, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigMap } from '../domain/config/value.js';
import { updateMap } from '../domain/config/overlay.js';
import { daqCommands, stateAfter, type DaqCommand, type DaqState } from '../domain/daq/daq-commands.js';
import { messageKind } from '../domain/daq/run-stream.js';
import { findFirstRecord } from '../domain/hgcroc/archive-header.js';
import { parsePart } from './daq-server.js';
import { readStream } from './sockets.js';

/** The daq client: pulls the data stream while it is started, and writes a raw file per run. */
export class DaqClient {
  private state: DaqState = 'not initialised';
  private settings: ConfigMap = new Map();
  private stream: { close(): void } | undefined;
  private readonly pieces: Uint8Array[] = [];
  private files = 0;

  /** The reply to a command and its document: the state afterwards. */
  async handle(frames: readonly Buffer[]): Promise<string> {
    const [word, document] = frames.map((frame) => frame.toString('utf8'));
    const command = daqCommands.find((known) => known === word);
    const next = command === undefined ? undefined : stateAfter(this.state, command);
    if (command === undefined || next === undefined || !this.carryOut(command, document)) return 'error';
    this.state = next;
    return next;
  }

  close(): void {
    this.stream?.close();
    this.stream = undefined;
  }

  private carryOut(command: DaqCommand, document: string | undefined): boolean {
    if (command === 'start') return this.start();
    if (command === 'stop' || command === 'destroy') this.close();
    if (command !== 'initialize' && command !== 'configure') return true;
    const part = parsePart(document, 'client');
    if (part === undefined) return false;
    this.settings = command === 'initialize' ? part : updateMap(this.settings, part);
    if (part.has('outputDirectory')) this.files = 0;
    return command === 'configure' || (part.has('serverIP') && part.has('zmqPushPull_port'));
  }

  private start(): boolean {
    if (!this.settings.has('outputDirectory') || !this.settings.has('run_type')) return false;
    this.pieces.length = 0;
    const host = String(this.settings.get('serverIP'));
    const hostname = host === 'localhost' ? '127.0.0.1' : host;
    this.stream = readStream(hostname, Number(this.settings.get('zmqPushPull_port')), (message) => this.take(message));
    return true;
  }

  private take(message: Uint8Array): void {
    const kind = messageKind(message);
    if (kind === 'start') this.pieces.length = 0;
    else if (kind === 'end') void this.write();
    else this.pieces.push(this.pieces.length === 0 ? message : message.subarray(findFirstRecord(message)));
  }

  /** The file appears whole: it is written beside its folder first. */
  private async write(): Promise<void> {
    const folder = String(this.settings.get('outputDirectory'));
    const name = `${String(this.settings.get('run_type'))}${this.files}.raw`;
    this.files += 1;
    const bytes = Buffer.concat(this.pieces);
    this.pieces.length = 0;
    await mkdir(folder, { recursive: true });
    const partial = `${folder}.${name}.partial`;
    await writeFile(partial, bytes);
    await rename(partial, join(folder, name));
  }
}
