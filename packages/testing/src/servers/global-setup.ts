import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { guardFile, startGuard, stopCompiler } from 'amends/internal';
import { serverFolder, startTestNats, startTestPostgres, startTestTemporal, type TestServer } from './servers.ts';

const report = (sentence: string): void => console.log(sentence);

/**
 * One of each server for the whole run; a test finds them with `inject`. Ended by their ids when the run is over, and by a guard
 * when the run is killed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { folder, remove } = await serverFolder();
  const guard = startGuard(await guardFile(), join(folder, 'guard.log'));
  await stopCompiler();
  const started = await Promise.allSettled([
    startTestTemporal(folder, report),
    startTestPostgres(folder),
    startTestNats(folder, report),
  ]);
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.child] : []));
  guard.watch(running.map(({ identity, name, stopSignal }) => ({ ...identity, name, stopSignal, stage: 'servers' })));
  const close = async (): Promise<void> => {
    await Promise.all(running.map((child) => child.stop()));
    await guard.dismiss();
    await remove();
  };
  const [temporal, postgres, nats] = started.map((one): TestServer | undefined =>
    one.status === 'fulfilled' ? one.value : undefined,
  );
  if (temporal === undefined || postgres === undefined || nats === undefined) {
    await close();
    throw new AggregateError(
      started.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])),
      'no servers',
    );
  }
  project.provide('temporalAddress', temporal.address);
  project.provide('postgresUrl', postgres.address);
  project.provide('natsUrl', nats.address);
  return close;
}
