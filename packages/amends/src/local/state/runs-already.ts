import type { Run } from './run-file.ts';
import { StartError } from '../start-error.ts';

/** Another start was faster: `findRunning` waits for it. */
export class RunsAlready extends StartError {
  constructor({ supervisor, urls }: Run) {
    super(`This system runs already, by process ${supervisor.pid}: ${urls.api}`);
  }
}
