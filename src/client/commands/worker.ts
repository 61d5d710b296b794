import { Argument, type Command } from 'commander';
import { usualStand } from '../../domain/scan/scan-input.js';
import { roles, type Role, type WorkerSetting } from '../../workers/setting.js';
import { beatIfAsked, isSupervised } from '../../io/processes/watchdog.js';
import { action, exit, newCommand } from '../command.js';
import { logLine } from '../text/log-line.js';
import {
  addAnalysisOptions,
  addNotifyOption,
  analysisSetting,
  checkStandName,
  notifySetting,
} from '../options/worker-options.js';

interface Options {
  readonly stand: string;
  readonly analyses: readonly string[];
  readonly python?: string;
  readonly notify?: string;
}

/** `datenraffinerie worker ROLE…`: workers of these roles in this process, until Ctrl-C or SIGTERM. */
export function build(): Command {
  const command = newCommand('worker', 'workers of one or more roles, until Ctrl-C')
    .addArgument(new Argument('<role...>', 'what it works on').choices(roles))
    .option('--stand <name>', 'the stand that a daq worker drives', usualStand);
  return addNotifyOption(addAnalysisOptions(command)).action(
    action(async (chosen: Role[], options: Options) => {
      const setting: WorkerSetting = {
        stand: checkStandName(options.stand),
        ...analysisSetting(options),
        notify: notifySetting(options),
      };
      beatIfAsked();
      const part = `worker ${chosen.join(' ')}${chosen.includes('daq') ? ` (${setting.stand})` : ''}`;
      const { runWorkers } = await import('../../workers/run.js');
      await runWorkers([...new Set(chosen)], setting, {
        onReady: (queues) => process.stdout.write(`ready queues=${queues.join(',')} pid=${process.pid}\n`),
        // whoever supervises us says when it was, and who we are
        log: (text) => process.stderr.write(`${isSupervised() ? text : logLine(part, text, new Date())}\n`),
      });
      return exit.done;
    }),
  );
}
