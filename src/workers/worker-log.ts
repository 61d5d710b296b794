import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';

/** What is worth a look beside the message, of all that the SDK knows about it. */
const shown = ['workflowId', 'activityType', 'activityId', 'attempt', 'taskQueue'] as const;

/** Lets the SDK and the activities' `log` write to stderr: one line each, from INFO for ours, from WARN for the SDK's. */
export function installWorkerLog(write: (text: string) => void): void {
  const logger = new DefaultLogger('INFO', (entry) => {
    const text = formatEntry(entry);
    if (text !== undefined) write(`${text}\n`);
  });
  Runtime.install({ logger });
}

/** Undefined for entries that nobody needs: what the SDK says of its own normal life. */
export function formatEntry({ level, message, meta }: LogEntry): string | undefined {
  const fields: Readonly<Record<string, unknown>> = meta ?? {};
  const ours = fields['sdkComponent'] === 'activity' || fields['sdkComponent'] === 'workflow';
  if (!ours && (level === 'INFO' || message.startsWith('No workflows registered'))) return undefined;
  const details = shown.flatMap((name) => (fields[name] === undefined ? [] : [`${name}=${String(fields[name])}`]));
  const error = fields['error'];
  const why = error instanceof Error ? [`error=${error.message.split('\n', 1)[0] ?? ''}`] : [];
  return [level, message, ...details, ...why].join(' ');
}
