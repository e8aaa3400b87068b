import { describe, expect, it } from 'vitest';
import { growthOf, residentMib } from './memory.ts';

describe('the growth of memory', () => {
  it('counts from when the first events had come to the peak after, and to the least once all have', () => {
    const samples = [
      { sent: 0, mib: 80 },
      { sent: 5_000, mib: 120 },
      { sent: 9_000, mib: 150 },
      { sent: 20_000, mib: 130 },
      { sent: 20_000, mib: 125 },
      { sent: 20_000, mib: 128 },
    ];
    expect(growthOf(samples, 5_000)).toEqual({ before: 120, peak: 150, after: 125 });
  });

  it('is not known of a single sample', () => {
    expect(growthOf([{ sent: 5_000, mib: 1 }], 5_000)).toBeNull();
  });

  it('is read from what the kernel says of a process', async () => {
    const before = await residentMib(process.pid);
    const held = Buffer.alloc(64 * 1_024 * 1_024, 1);
    expect((await residentMib(process.pid)) - before).toBeGreaterThan(32);
    expect(held).toHaveLength(64 * 1_024 * 1_024);
  });
});
