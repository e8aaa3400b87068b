import type { Place } from './places-of.ts';
import type { System } from './define-system.ts';

/** Who takes events at `<url>/events` where there is no broker, and of which types (E8). */
export interface Receiver {
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
}

/** The API takes all but what sagas tell of themselves, which starts nothing; a service takes what it says it listens to. */
export const receiversOf = (system: System, places: readonly Place[]): readonly Receiver[] => {
  const all = Object.entries(system.app.events);
  const inward = all.filter(([, { publishedBy }]) => publishedBy !== 'sagas').map(([type]) => type);
  return places.flatMap(({ name, kind, url }): Receiver[] => {
    if (kind === 'api') return [{ name, url, types: inward }];
    const declared = system.services[name];
    const listens = declared !== undefined && 'listens' in declared ? declared.listens : undefined;
    if (listens === undefined) return [];
    return [{ name, url, types: listens === 'all' ? all.map(([type]) => type) : listens }];
  });
};
