import { describe, expect, it } from 'vitest';
import { readCursor, writeCursor } from './page-cursor.ts';

const next = Buffer.from('{"StartTime":"…"}');

describe('a cursor', () => {
  it('continues the list of its filter, however that was written', () => {
    const cursor = writeCursor({ saga: 'fulfilOrder', status: 'running' }, next);
    expect(readCursor({ status: 'running', saga: 'fulfilOrder', key: undefined }, cursor)).toEqual(next);
  });

  it('is bound to every part of its filter, times included', () => {
    const cursor = writeCursor({ after: new Date(0) }, next);
    expect(readCursor({ after: new Date(0) }, cursor)).toEqual(next);
    expect(readCursor({ after: new Date(1) }, cursor)).toBe('other-filter');
    expect(readCursor({ before: new Date(0) }, cursor)).toBe('other-filter');
    expect(readCursor({}, cursor)).toBe('other-filter');
  });

  it('that was cut or changed is malformed', () => {
    const cursor = writeCursor({}, next);
    const [of, , sum] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as string[];
    const changed = Buffer.from(JSON.stringify([of, 'AAAA', sum])).toString('base64url');
    for (const broken of [
      changed,
      cursor.slice(0, -8),
      `x${cursor}`,
      '',
      '!',
      Buffer.from('null').toString('base64url'),
    ]) {
      expect(readCursor({}, broken)).toBe('malformed');
    }
  });
});
