import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAST_ANSWER_MAX_BYTES } from '../../contracts/src/service-call.ts';
import { TaskAllowance, tooLarge } from './payload-limit.ts';

const LIMIT = 1_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const fitting = (allowance: TaskAllowance): number => {
  for (let calls = 0; ; calls++) if (!allowance.setAside()) return calls;
};

describe('what one workflow task may send', () => {
  it('S15: calls in the fast lane at once are so many that their answers fit, whatever they will be', () => {
    const calls = fitting(new TaskAllowance());
    expect(calls * FAST_ANSWER_MAX_BYTES).toBeLessThanOrEqual(LIMIT);
    expect((calls + 1) * FAST_ANSWER_MAX_BYTES).toBeGreaterThan(LIMIT);
  });

  it('S15: an answer takes what it has, in bytes; past the limit the next call takes the durable lane', () => {
    const allowance = new TaskAllowance();
    let bytes = 0;
    for (const answer = 'ä'.repeat(10_000); allowance.setAside(); bytes += 20_002) allowance.answered(answer);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
    expect(bytes + FAST_ANSWER_MAX_BYTES).toBeGreaterThan(LIMIT);
  });

  it('S15: the next task has all of it again, and of several calls that end in one task the first tells', () => {
    const allowance = new TaskAllowance();
    allowance.setAside();
    allowance.answered('x'.repeat(LIMIT));
    expect(allowance.setAside()).toBe(false);
    vi.advanceTimersByTime(1);
    allowance.newTask();
    expect(allowance.setAside()).toBe(true);
    allowance.answered('x'.repeat(LIMIT));
    allowance.newTask();
    expect(allowance.setAside()).toBe(false);
  });

  it('S15: one payload is measured in bytes, too', () => {
    expect(tooLarge('x'.repeat(1_799_998))).toBeNull();
    expect(tooLarge('x'.repeat(1_799_999))).toContain('1800001 bytes');
    expect(tooLarge('😀'.repeat(450_000))).toContain('1800002 bytes');
  });
});
