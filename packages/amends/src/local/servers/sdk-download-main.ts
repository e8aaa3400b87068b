// Run as a process of its own by sdk-download.ts: `<version> <folder>`. The SDK's download has no time limit and ignores
// SIGTERM, and it starts the server it fetched; that server ends here, and the program stays in the folder.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [version = '', downloadDir = ''] = process.argv.slice(2);
const executable = { type: 'cached-download' as const, version: `v${version}`, downloadDir };
try {
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
