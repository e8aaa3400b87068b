import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAST_ANSWER_MAX_BYTES } from '../../contracts/service-call.ts';
import { TaskAllowance, tooLarge } from './payload-limit.ts';

const LIMIT = 1_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a call takes the fast lane; undefined while it waits for others. */
const lane = async (allowance: TaskAllowance): Promise<boolean | undefined> =>
  Promise.race([allowance.setAside(), Promise.resolve().then(() => undefined)]);

const fitting = async (allowance: TaskAllowance): Promise<number> => {
  for (let calls = 0; ; calls++) if (!(await lane(allowance))) return calls;
};

describe('what one workflow task may send', () => {
  it('S15: calls in the fast lane at once are so many that their answers fit, whatever they will be', async () => {
    const calls = await fitting(new TaskAllowance());
    expect(calls * FAST_ANSWER_MAX_BYTES).toBeLessThanOrEqual(LIMIT);
    expect((calls + 1) * FAST_ANSWER_MAX_BYTES).toBeGreaterThan(LIMIT);
  });

  it('S15: an answer takes what it has, in bytes; past the limit the next call takes the durable lane', async () => {
    const allowance = new TaskAllowance();
    let bytes = 0;
    for (const answer = 'ä'.repeat(10_000); await lane(allowance); bytes += 20_502) allowance.answered(answer);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
    expect(bytes + FAST_ANSWER_MAX_BYTES).toBeGreaterThan(LIMIT);
  });

  it('S15: the next task has all of it again, and of several calls that end in one task the first tells', async () => {
    const allowance = new TaskAllowance();
    await lane(allowance);
    allowance.answered('x'.repeat(LIMIT));
    expect(await lane(allowance)).toBe(false);
    vi.advanceTimersByTime(1);
    allowance.newTask();
    expect(await lane(allowance)).toBe(true);
    allowance.answered('x'.repeat(LIMIT));
    allowance.newTask();
    expect(await lane(allowance)).toBe(false);
  });

  it('S15 S20: a call waits where only answers that are to come leave no room, and not where those that came do', async () => {
    const allowance = new TaskAllowance();
    const calls = await fitting(allowance);
    const next = lane(allowance);
    expect(await next).toBeUndefined();
    for (let call = 0; call < calls; call++) allowance.answered('x'.repeat(call === 0 ? 100 : FAST_ANSWER_MAX_BYTES));
    expect(await lane(allowance)).toBe(false);
  });

  it('S15: one payload is measured in bytes, too', () => {
    expect(tooLarge('x'.repeat(1_799_998))).toBeNull();
    expect(tooLarge('x'.repeat(1_799_999))).toContain('1800001 bytes');
    expect(tooLarge('😀'.repeat(450_000))).toContain('1800002 bytes');
  });
});
