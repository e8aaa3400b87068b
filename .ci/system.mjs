// Prints what follows from amends.config.ts, as JSON: every process with its built file, and every variable that one of them reads.
import system from '../amends.config.ts';
import { placesOf, VARIABLES } from '../packages/runtime/src/internal.ts';

const built = (entry) => `dist/${entry.replace(/\.ts$/, '.js')}`;
const places = placesOf(system, '127.0.0.1', {});
const processes = places
  .filter(({ entry }) => entry !== null)
  .map(({ name, entry }) => [name, { entry, built: built(entry) }]);
const ofPlaces = places.flatMap(({ variable, folder, variables }) => [
  `${variable}_PORT`,
  `${variable}_URL`,
  ...(folder === null ? [] : [folder]),
  ...variables,
]);
console.log(
  JSON.stringify({
    processes: {
      ...Object.fromEntries(processes),
      workers: { entry: system.workers.entry, built: built(system.workers.entry) },
    },
    databases: places.filter(({ database }) => database).map(({ name }) => name),
    variables: [...VARIABLES, ...(system.variables ?? []), ...ofPlaces],
  }),
);
