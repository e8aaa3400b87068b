import type { Wiring } from '@amends/worker/internal';
import type { Stage } from '../stage.ts';

/** How the workers of a test call the services of an application. */
export const wiringOfStage = (
  { app, calls }: Pick<Stage, 'app' | 'calls'>,
  urls: Readonly<Record<string, string>>,
): Pick<Wiring, 'contracts' | 'urls' | 'outsiders'> => ({
  contracts: app.services,
  urls,
  outsiders: Object.fromEntries(
    Object.entries(app.services)
      .filter(([, { kind }]) => kind === 'outside')
      .map(([name]) => [name, { readRefusal: calls[name]?.readRefusal }]),
  ),
});
