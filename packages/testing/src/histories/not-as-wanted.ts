import type { Recorded } from './manifest.ts';
import type { Wanted } from './wanted.ts';

/** Where the recorded histories are not those that the sagas must have, in words. */
export const notAsWanted = (wanted: readonly Wanted[], recorded: readonly Recorded[]): readonly string[] => {
  const found = new Map(recorded.map((one) => [`${one.saga} ${one.path}`, one]));
  const asked = new Set(wanted.map(({ saga, path }) => `${saga} ${path}`));
  const missing = wanted.flatMap(({ saga, path, end }) => {
    const one = found.get(`${saga} ${path}`);
    if (one === undefined) return [`${saga} has no history of '${path}': amends record`];
    if (one.status === end) return [];
    return [`${one.file} ended as ${one.status}, and by its rehearsal ends as ${end}: amends record`];
  });
  const left = recorded.filter(({ saga, path }) => !asked.has(`${saga} ${path}`));
  return [...missing, ...left.map(({ file }) => `${file} is of no path that its saga has: amends record`)];
};
