import { describe, expect, it } from 'vitest';
import { traceParent } from './trace-parent.ts';

const saga = 'fulfilOrder:o-1';
const call = { op: 'do', key: `${saga}/bookParcel:w-7` } as const;
const parts = (text: string) => /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(text)?.slice(1) ?? [];

describe('traceparent', () => {
  it('one trace a saga, whatever is asked of whom', () => {
    const traces = [
      traceParent(call, 1),
      traceParent({ op: 'undo', key: `${saga}/acceptOrder` }, 2),
      traceParent({ op: 'seal', key: saga }, 1),
    ].map((text) => parts(text)[0]);
    expect(new Set(traces).size).toBe(1);
    expect(traces[0]).toMatch(/[1-9a-f]/);
    expect(parts(traceParent({ ...call, key: 'fulfilOrder:o-2/bookParcel:w-7' }, 1))[0]).not.toBe(traces[0]);
  });

  it('a parent id of its own for every attempt of every operation, and the same one when it is asked again', () => {
    const all = [
      traceParent(call, 1),
      traceParent(call, 2),
      traceParent({ ...call, op: 'undo' }, 1),
      traceParent({ ...call, key: `${saga}/bookParcel:w-8` }, 1),
    ];
    expect(new Set(all.map((text) => parts(text)[1])).size).toBe(4);
    expect(traceParent(call, 1)).toBe(all[0]);
  });
});
