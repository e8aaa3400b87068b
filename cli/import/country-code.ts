import countries from 'i18n-iso-countries';

/** What the shop calls countries by names of its own; null: no single country, so no ISO code is right. */
const OWN_NAMES: Readonly<Record<string, string | null>> = {
  EIRE: 'IE',
  RSA: 'ZA',
  USA: 'US',
  // Jersey or Guernsey: the file does not say which
  'Channel Islands': null,
  'European Community': null,
  'West Indies': null,
  // North or South: a guess would decide whether the order is served
  Korea: null,
  Unspecified: null,
};

/** ISO 3166-1 alpha-2 of a country's English name; undefined when there is none. */
export const countryCode = (name: string): string | undefined =>
  (Object.hasOwn(OWN_NAMES, name) ? OWN_NAMES[name] : countries.getAlpha2Code(name, 'en')) ?? undefined;
