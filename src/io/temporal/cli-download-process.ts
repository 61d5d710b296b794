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
  const text = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
  process.stderr.write(`${text.slice(text.lastIndexOf('): ') + 1).replace(/^: /, '')}\n`); // without the nested URLs
  process.exitCode = 1;
}
