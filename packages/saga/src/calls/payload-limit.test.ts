import { describe, expect, it } from 'vitest';
import { FAST_ANSWER_MAX_BYTES } from '../../../contracts/src/protocol/limits.ts';
import { TaskAllowance, tooLarge } from './payload-limit.ts';

const LIMIT = 1_000_000;

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

  it('S15 S20: of many calls those that do not fit wait until an answer that came leaves room', async () => {
    const allowance = new TaskAllowance();
    // the last of them waits
    await fitting(allowance);
    const next = allowance.setAside();
    allowance.answered('small');
    expect(await lane(allowance)).toBeUndefined();
    allowance.answered('small');
    expect(await next).toBe(true);
  });

  it('S15: one payload is measured in bytes, too', () => {
    expect(tooLarge('x'.repeat(1_799_998))).toBeNull();
    expect(tooLarge('x'.repeat(1_799_999))).toContain('1800001 bytes');
    expect(tooLarge('😀'.repeat(450_000))).toContain('1800002 bytes');
  });
});
