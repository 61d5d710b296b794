import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';

/** What is worth a look beside the message, of all that the SDK knows about it. */
const shown = ['workflowId', 'activityType', 'activityId', 'attempt', 'taskQueue'] as const;

/** How long one message about a server that does not answer holds. */
const outageMs = 60_000;

/** Lets the SDK and the activities' `log` write to stderr: one line each, from INFO for ours, from WARN for the SDK's. */
export function installWorkerLog(write: (text: string) => void): void {
  const format = entryFormatter(() => performance.now());
  const logger = new DefaultLogger('INFO', (entry) => {
    const text = format(entry);
    if (text !== undefined) write(text);
  });
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({ logger, telemetryOptions: { logging: { filter, forward: {} } } });
}

/**
 * Formats entries; undefined for those that nobody needs: what the SDK says of its own normal life, and more than one a
 * minute of the hundreds that say that the server does not answer.
 */
export function entryFormatter(clock: () => number): (entry: LogEntry) => string | undefined {
  let lastOutage = Number.NEGATIVE_INFINITY;
  return (entry) => {
    if (/^gRPC call \w+ retried \d+ times/.test(entry.message)) {
      if (clock() - lastOutage < outageMs) return undefined;
      lastOutage = clock();
      return 'WARN the Temporal server does not answer: trying again until it does';
    }
    return formatEntry(entry);
  };
}

function formatEntry({ level, message, meta }: LogEntry): string | undefined {
  const fields: Readonly<Record<string, unknown>> = meta ?? {};
  const ours = fields['sdkComponent'] === 'activity' || fields['sdkComponent'] === 'workflow';
  if (!ours && (level === 'INFO' || message.startsWith('No workflows registered'))) return undefined;
  const details = shown.flatMap((name) => (fields[name] === undefined ? [] : [`${name}=${String(fields[name])}`]));
  const error = fields['error'];
  const why = error instanceof Error ? [`error=${error.message.split('\n', 1)[0] ?? ''}`] : [];
  return [level, message, ...details, ...why].join(' ');
}
