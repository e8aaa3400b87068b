import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../checks/decimal.ts';
import { pence } from './pence.ts';

describe('pence', () => {
  it('reads a price as the file writes it', () => {
    expect(['2.55', '27.5', '10', '0.0', '0', '1.10', '4.950', '-3.2', ' 8.15 '].map(pence)).toEqual([
      255, 2750, 1000, 0, 0, 110, 495, -320, 815,
    ]);
  });

  it('is exact where binary fractions are not', () => {
    // 1.1 * 100, 8.15 * 100 and 0.29 * 100 are no whole numbers in floating point
    expect(['1.1', '8.15', '0.29', '19.99', '1.005'].map(pence)).toEqual([110, 815, 29, 1999, undefined]);
  });

  it('gives nothing for what is no price', () => {
    const none = ['', 'x', '1e3', '1,20', '.5', '--1', 'NaN', '0x10', '9999999999'];
    expect(none.filter((text) => pence(text) !== undefined)).toEqual([]);
  });

  it('reads every amount that it is shown as', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), (amount) => {
        expect(pence(decimal(amount).replaceAll(',', ''))).toBe(amount);
      }),
    );
  });
});
