import { catalogEntry } from '../rehearsal/catalog-entry.ts';
import { everySaga } from '../rehearsal/every-saga.ts';
import type { Stage } from '../stage.ts';

/** What `contracts/catalog.json` has to be: each saga as its definition and its rehearsal say. */
export const catalogText = async (stage: Stage): Promise<string> => {
  const entries: (readonly [string, object])[] = [];
  for (const saga of await everySaga(stage)) entries.push([saga.definition.name, await catalogEntry(saga)]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
};
