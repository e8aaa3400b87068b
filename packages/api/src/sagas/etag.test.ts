import { describe, expect, it } from 'vitest';
import { matches, matchesNone } from './etag.ts';

describe('conditional requests (RFC 9110)', () => {
  it.each([
    [undefined, true],
    ['"4"', true],
    ['"5"', false],
    ['W/"5"', false],
    ['"4", "5"', false],
    ['*', false],
    ['5', true],
  ])('If-None-Match: %s to version 5 asks for the body: %s', (header, expected) => {
    expect(matchesNone(header, '"5"')).toBe(expected);
  });

  it.each([
    [undefined, true],
    ['"5"', true],
    ['"4"', false],
    ['W/"5"', false],
    ['"4", "5"', true],
    ['*', true],
    ['5', false],
  ])('If-Match: %s to version 5 lets the request through: %s', (header, expected) => {
    expect(matches(header, '"5"')).toBe(expected);
  });
});
