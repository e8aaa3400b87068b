import { describe, expect, it } from 'vitest';
import { countryCode } from './country-code.ts';

describe('countryCode', () => {
  it('knows the countries of the day and the names the shop made up', () => {
    const names = ['United Kingdom', 'Norway', 'Germany', 'France', 'Australia', 'Netherlands', 'EIRE', 'RSA', 'USA'];
    expect(names.map(countryCode)).toEqual(['GB', 'NO', 'DE', 'FR', 'AU', 'NL', 'IE', 'ZA', 'US']);
  });

  it('guesses no country for a name that is none, or several', () => {
    const none = ['', 'Unspecified', 'European Community', 'Channel Islands', 'Korea', 'Atlantis', 'constructor'];
    expect(none.filter((name) => countryCode(name) !== undefined)).toEqual([]);
  });
});
