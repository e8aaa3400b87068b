import { killGroup } from 'amends/internal';
import { serverFolder, startTestNats, type TestServer } from './servers.ts';

/** A NATS server of one test's own, which may be killed and started again where it was, with what it had on its disk. */
export interface OwnNats {
  readonly url: string;
  /** SIGKILL, to the process this test has started. */
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const quiet = (): void => {};

export const ownNats = async (): Promise<OwnNats> => {
  const { folder, remove } = await serverFolder();
  let server: TestServer = await startTestNats(folder, quiet);
  const url = server.address;
  return {
    url,
    kill: async () => {
      killGroup(server.child.identity);
      await server.child.ended;
    },
    restart: async () => {
      server = await startTestNats(folder, quiet, Number(new URL(url).port));
    },
    remove: async () => {
      await server.child.stop();
      await remove();
    },
  };
};
