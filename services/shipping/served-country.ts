import { REFUSED_COUNTRIES } from '../../contracts/shipping.ts';
import type { Address } from '../../contracts/values.ts';
import type { Refusing } from '@amends/participant';

/** The country of an address that is served, to and from; any other is refused `country-not-served`. */
export const countryServed = ({ country }: Address, { refuse }: Refusing<'country-not-served'>): string => {
  if (REFUSED_COUNTRIES.includes(country)) throw refuse('country-not-served', `nothing goes to or from ${country}`);
  return country;
};
