// A process of its own (see temporal-cli-download.ts): argv FOLDER VERSION. The SDK downloads by starting a server.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [folder, version] = process.argv.slice(2);
if (folder === undefined || version === undefined) throw new Error('usage: FOLDER VERSION');
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', version: `v${version}`, downloadDir: folder } },
  });
  await environment.teardown();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error)}\n`);
  process.exitCode = 1;
}
