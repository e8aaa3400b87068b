import { expect, it } from 'vitest';
import { testsIn } from './test-titles.ts';

// written with a dash before each name, or these would be found themselves
const TEXT = `
  it('-S1: one', () => {});
  it.each([['-S2: a row', 1]])(
    "-P3 -P4, -E1: a title's own", () => {});
  it('-S10: it\\'s quoted', options, () => {});
  describe.each([1])('-E2: a group (%s)', () => {});
  it.skip('-S3: not run', () => {});
  it('is about -S4: nothing', () => {});
  const words = ['-S5: no title'];
`.replaceAll(/-(?=[SPE]\d)/g, '');

it('the tests of a promise are found however they are written, and nothing else is', () => {
  expect(testsIn('a.test.ts', TEXT).map(({ title, promises }) => [title, promises])).toEqual([
    ['S1: one', ['S1']],
    ["P3 P4, E1: a title's own", ['P3', 'P4', 'E1']],
    ["S10: it's quoted", ['S10']],
    ['E2: a group (%s)', ['E2']],
  ]);
});
