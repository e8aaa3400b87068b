import { inheritedEnvironment } from '@amends/runtime/internal';

type Environment = Readonly<Record<string, string | undefined>>;

/** What any program may need of the environment that we were started in; no secret is among it. */
const OF_THE_MACHINE: readonly string[] = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SYSTEMROOT',
];

/** The variables that a child process inherits: the machine's own, and those that `also` names. */
export const inheritedOf = (also: (name: string) => boolean): Environment =>
  Object.fromEntries(
    Object.entries(inheritedEnvironment()).filter(
      ([name]) => OF_THE_MACHINE.includes(name.toUpperCase()) || also(name),
    ),
  );

/**
 * What the servers that are not ours find in their environment, which whoever they run as can read: neither credentials nor variables
 * that would steer them elsewhere (`PG*`, `TEMPORAL_*`). Their messages are in English.
 */
export const serverEnvironment = (): Environment => ({ ...inheritedOf(() => false), LC_ALL: 'C' });
