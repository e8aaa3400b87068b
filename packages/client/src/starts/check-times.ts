import { ConfigError } from '@amends/runtime/internal';
import type { TimesTable } from '@amends/runtime/internal';
import type { KnownSagas } from '../known-sagas.ts';

/** @throws ConfigError naming every saga and step of AMENDS_TIMES that the catalog does not know */
export const checkTimes = ({ catalog }: Pick<KnownSagas, 'catalog'>, { entries }: TimesTable): void => {
  const wrong = Object.keys(entries).flatMap((name) => {
    const [saga = '', step] = name.split('.');
    if (saga === '*') return [];
    const steps = catalog.get(saga)?.steps.map((each) => each.name);
    if (steps === undefined)
      return [`AMENDS_TIMES at ${name}: there is no saga ${saga}, but ${listed([...catalog.keys()])}.`];
    if (step === undefined || steps.includes(step)) return [];
    return [`AMENDS_TIMES at ${name}: ${saga} has no step ${step}, but ${listed(steps)}.`];
  });
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
};

const listed = (names: readonly string[]): string => names.join(', ');
