import { expect, it } from 'vitest';
import { detailOf, firstIssues } from './event-issues.ts';

const issues = (count: number, path: string, message = 'wrong') =>
  Array.from({ length: count }, () => ({ path, message }));

it('E1: of what is wrong with an event the first twenty are told', () => {
  expect(firstIssues(issues(19, 'data'))).toHaveLength(19);
  expect(firstIssues(issues(500_000, 'data'))).toEqual(issues(20, 'data'));
});

it('E1: and fewer where they are long, each cut', () => {
  expect(firstIssues(issues(20, 'x'.repeat(150)))).toHaveLength(11);
  const long = '€'.repeat(100_000);
  expect(firstIssues(issues(20, long, long))).toEqual(issues(1, '€'.repeat(200), '€'.repeat(200)));
});

it('E1: what is wrong in one sentence is short, too', () => {
  expect(detailOf('x'.repeat(500))).toHaveLength(500);
  expect(detailOf('x'.repeat(100_000))).toBe(`${'x'.repeat(499)}…`);
});
