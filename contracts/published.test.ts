import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  brokenVersions,
  PublishedVersions,
  withNewVersions,
} from '../packages/testing/src/commands/published-versions.ts';
import { event, olderVersion } from '../packages/contracts/src/define-event.ts';
import { events } from './events.ts';

const FILE = 'contracts/published.json';
const published = PublishedVersions.parse(JSON.parse(await readFile(FILE, 'utf8')));

describe('contracts/published.json', () => {
  it('E7: what was published is what it was: no schema changes without a new version, and none goes', () => {
    expect(brokenVersions(published, events)).toEqual([]);
  });

  it('E7: has every version that is published (npx amends asyncapi adds new ones, and changes none)', () => {
    expect(withNewVersions(published, events)).toEqual(published);
  });
});

const V1 = z.object({ to: z.string(), pieces: z.int().refine((pieces) => pieces < 100) });
const V2 = z.object({ city: z.string(), pieces: z.int() });
const moved = { publishedBy: 'a test', when: 'something has moved' };
const v1 = { ...moved, data: V1, example: { to: 'Ulm', pieces: 7 } };
const before = withNewVersions({}, { 'test.moved.v1': event(v1) });

describe('what was published before', () => {
  it('E7: stays when a new version takes its place, and both are remembered', () => {
    const older = olderVersion('test.moved.v1', { ...v1, upcast: ({ to, pieces }) => ({ city: to, pieces }) });
    const now = { 'test.moved.v2': event({ ...moved, data: V2, example: { city: 'Ulm', pieces: 7 }, older }) };
    expect(brokenVersions(before, now)).toEqual([]);
    expect(Object.keys(withNewVersions(before, now))).toEqual(['test.moved.v2', 'test.moved.v1']);
  });

  it.each([
    ['a member more', { data: V1.extend({ by: z.string() }), example: { ...v1.example, by: 'van' } }, 'another schema'],
    [
      'an optional member more',
      { data: V1.extend({ by: z.string().optional() }), example: v1.example },
      'another schema',
    ],
    ['a narrower member', { data: V1.extend({ to: z.string().max(9) }), example: v1.example }, 'another schema'],
    [
      'a rule that no JSON schema says',
      { data: V1.refine(({ pieces }) => pieces < 5), example: { to: 'Ulm', pieces: 1 } },
      'is refused now',
    ],
  ])('E7: %s is found, and writing the file anew does not hide it', (_, { data, example }, says) => {
    const now = { 'test.moved.v1': event({ ...moved, data, example }) };
    expect(brokenVersions(before, now)).toEqual([expect.stringContaining(says)]);
    expect(withNewVersions(before, now)).toEqual(before);
  });

  it('E7: a type that is gone is found, and so is an upcast that breaks', () => {
    expect(brokenVersions(before, {})).toEqual([expect.stringContaining('test.moved.v1 was published and is gone')]);
    const breaks = (): never => {
      throw new Error('no');
    };
    const older = olderVersion('test.moved.v1', { ...v1, upcast: breaks });
    const now = { 'test.moved.v2': event({ ...moved, data: V2, example: { city: 'Ulm', pieces: 7 }, older }) };
    expect(brokenVersions(before, now)).toEqual([expect.stringContaining('is refused now')]);
  });

  it('E7: another example, or other words about it, are no change', () => {
    const now = event({ publishedBy: 'another', when: 'it went', data: V1, example: { to: 'Rome', pieces: 1 } });
    expect(brokenVersions(before, { 'test.moved.v1': now })).toEqual([]);
    expect(withNewVersions(before, { 'test.moved.v1': now })).toEqual(before);
  });
});
