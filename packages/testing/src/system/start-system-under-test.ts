import { inheritedEnvironment, placesOf, readSystemConfig, type System } from '@amends/runtime/internal';
import { startSystem, type SystemUrls } from 'amends/local';
import { serverFolder } from '../servers/servers.ts';
import { ownPortsOf } from './own-ports.ts';

/** A whole system of a test's own. */
export interface SystemUnderTest {
  readonly urls: SystemUrls;
  /** Stops all of it, and removes its data. */
  readonly close: () => Promise<void>;
}

/** They name servers that somebody else runs: a test has its own. */
const GIVEN = /^(TEMPORAL_.*|DATABASE_URL|NATS_URL)$/;

/**
 * Starts everything that `amends start` starts: servers, services, workers and the API, each a process, on free ports and with data of its
 * own. It takes some 20 s; the first time on a machine the servers are fetched before.
 *
 * @param system what `amends.config.ts` exports
 * @param variables what it finds in its environment besides, made of the URLs of its own processes by name: where an outsider's stand-in is
 * @throws StartError, ConfigError with a sentence; nothing is left running then
 */
export const startSystemUnderTest = async (
  system: System,
  variables: (urls: Readonly<Record<string, string>>) => Readonly<Record<string, string>> = () => ({}),
): Promise<SystemUnderTest> => {
  const { folder, remove } = await serverFolder();
  const inherited = Object.entries(inheritedEnvironment()).filter(([name]) => !GIVEN.test(name));
  const env = { ...Object.fromEntries(inherited), ...(await ownPortsOf(system)), AMENDS_STATE_DIR: folder };
  const own = placesOf(system, '127.0.0.1', env).flatMap(({ name, ownUrl }) =>
    ownUrl === null ? [] : [[name, ownUrl] as const],
  );
  try {
    const config = readSystemConfig(system, { ...env, ...variables(Object.fromEntries(own)) });
    const { urls, close } = await startSystem(config, { progress: 'quiet' });
    return { urls, close: () => close().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
};
