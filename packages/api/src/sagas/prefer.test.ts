import { describe, expect, it } from 'vitest';
import { preferredWait } from './prefer.ts';

describe('Prefer: wait (RFC 7240)', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=5', 5],
    ['wait=5; foo=bar', 5],
    ['WAIT = "7"', 7],
    ['wait=0', 0],
    ['wait=31', 30],
    ['wait=999999999', 30],
  ])('%s waits for %i seconds', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });

  it.each([undefined, '', 'respond-async', 'wait', 'wait=', 'wait=-1', 'wait=1.5', 'wait=soon', 'await=3', 'wait=3x'])(
    '%s asks for no waiting',
    (header) => {
      expect(preferredWait(header)).toBeUndefined();
    },
  );
});
