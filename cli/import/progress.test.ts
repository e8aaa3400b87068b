import { describe, expect, it } from 'vitest';
import { createScreen } from '../../packages/amends/src/cli/screen.ts';
import { Tally } from '../../packages/amends/src/cli/tally.ts';
import { progressText, showImport, type Progress } from './progress.ts';

const progress: Progress = {
  total: 121,
  placed: 121,
  ended: Tally.of([...Array.from({ length: 60 }, () => 'confirmed' as const), 'rejected']),
  seconds: 12.7,
};

describe('the progress of an import', () => {
  it('says how many orders have ended, and how', () => {
    expect(progressText(progress)).toBe(
      '[##########..........] 61 of 121 orders ended, 121 placed, 12 s: confirmed 60, rejected 1',
    );
    expect(progressText({ total: 0, placed: 0, ended: new Tally(), seconds: 0 })).toContain('0 of 0 orders ended');
  });

  it('ends on a terminal as one line that fits it, elsewhere as a line of its own', () => {
    const terminal: string[] = [];
    showImport(
      createScreen({ isTTY: true, columns: 80, rows: 24, write: (text) => terminal.push(text) }),
      () => progress,
    ).stop();
    expect(terminal.join('')).toBe(`${progressText(progress).slice(0, 80)}\n`);
    const file: string[] = [];
    showImport(createScreen({ write: (text) => file.push(text) }), () => progress).stop();
    expect(file.join('')).toBe(`${progressText(progress)}\n`);
  });
});
