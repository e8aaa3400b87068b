import { describe, expect, it } from 'vitest';
import type { SagaView, StepView } from '../../packages/contracts/src/saga-view.ts';
import { createScreen } from '../../packages/amends/src/cli/screen.ts';
import { demoScenes } from './scene.ts';
import { wrongEnd, type SceneState } from './scene-state.ts';
import { stepWord, tableChanges, tableText, tableWidth } from './steps-table.ts';

const step = (name: string, changes: Partial<StepView> = {}): StepView => ({
  name,
  instance: null,
  kind: 'compensable',
  service: null,
  lane: 'durable',
  state: 'pending',
  discharge: null,
  attempt: 1,
  startedAt: null,
  endedAt: null,
  error: null,
  undo: null,
  ...changes,
});
const saga = (changes: Partial<SagaView>): SagaView => ({
  id: 'fulfilOrder:o',
  saga: 'fulfilOrder',
  key: 'o',
  status: 'running',
  phase: 'compensable',
  version: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  closedAt: null,
  deadlineAt: null,
  trigger: { kind: 'event', id: null, type: null, source: null },
  input: null,
  result: null,
  cause: null,
  steps: [step('acceptOrder', { state: 'done' }), step('reserveStock', { state: 'running' })],
  audit: [],
  ...changes,
});
const scenes = demoScenes('r');
const untouched: SceneState[] = scenes.map((scene) => ({
  scene,
  saga: undefined,
  order: 'placed',
  cancel: 'not asked',
}));
const started = untouched.map((state, i): SceneState => (i === 0 ? { ...state, saga: saga({}) } : state));

describe('the demo table', () => {
  it('says in a word what a step does', () => {
    expect(
      [
        undefined,
        step('s'),
        step('s', { state: 'running' }),
        step('s', { state: 'running', attempt: 3 }),
        step('s', { state: 'done', discharge: 'kept' }),
        step('s', { state: 'refused', discharge: 'nothing-to-undo' }),
        step('s', { state: 'done', undo: { state: 'running', attempt: 1, error: null } }),
        step('s', { state: 'done', discharge: 'compensated', undo: { state: 'done', attempt: 1, error: null } }),
        step('s', { state: 'unknown', undo: { state: 'parked', attempt: 9, error: 'x' } }),
      ].map(stepWord),
    ).toEqual(['·', '·', 'running', 'try 3 …', 'done', 'refused', 'undoing …', 'undone', 'parked']);
  });

  it('has a line a step, a column an order, and is never wider than it says', () => {
    const text = tableText(started);
    expect(text.map((line) => line.split(/\s+/)[0])).toEqual([
      '',
      '─'.repeat(tableWidth(6)),
      'acceptOrder',
      'reserveStock',
      '─'.repeat(tableWidth(6)),
      'saga',
      'order',
    ]);
    const compensating = started.map((state) => ({ ...state, saga: saga({ status: 'compensating' }) }));
    for (const line of [...text, ...tableText(compensating)]) expect(line.length).toBeLessThanOrEqual(tableWidth(6));
  });

  it('tells only what has changed, where it cannot be redrawn', () => {
    expect(tableChanges(untouched, untouched)).toEqual([]);
    expect(tableChanges(untouched, started).map((line) => line.split(/\s{2,}/))).toEqual([
      ['fine', 'acceptOrder done, reserveStock running, saga running'],
    ]);
  });
});

describe('wrongEnd', () => {
  const [fine, declined] = scenes;
  const cause = { step: 'authorizePayment', outcome: 'refused', code: 'declined', message: 'no' } as const;
  const ended = (scene = fine, changes: Partial<SagaView> = {}, order: SceneState['order'] = 'confirmed') =>
    wrongEnd({
      scene: scene ?? (fine as never),
      saga: saga({ status: 'completed', ...changes }),
      order,
      cancel: 'not asked',
    });

  it('is content with the end that a scene must have', () => {
    expect(ended()).toBeUndefined();
    expect(ended(declined, { status: 'compensated', cause }, 'rejected')).toBeUndefined();
  });

  it('says which end, status or cause is another', () => {
    expect(ended(fine, { status: 'parked' })).toBe('its saga must end completed, but is parked');
    expect(ended(fine, {}, 'accepted')).toBe('its order must be confirmed, but is accepted');
    expect(ended(declined, { status: 'compensated', cause: { ...cause, step: 'acceptOrder' } }, 'rejected')).toBe(
      'its cause must be authorizePayment refused (declined), but is acceptOrder refused (declined)',
    );
    expect(ended(declined, { status: 'compensated' }, 'rejected')).toContain('but is none');
    expect(wrongEnd({ ...(untouched[0] as SceneState) })).toContain('never started');
  });
});

describe('the screen', () => {
  it('redraws a block in place on a terminal, and knows when it has no room for it', () => {
    const written: string[] = [];
    const screen = createScreen({ isTTY: true, columns: 100, rows: 20, write: (text) => written.push(text) });
    screen.redraw(['a', 'b']);
    screen.redraw(['c']);
    screen.keep();
    screen.line('d');
    expect(written).toEqual(['a\nb\n', '\u001B[2A\u001B[0Jc\n', 'd\n']);
    expect(screen.canRedraw(95, 14)).toBe(true);
    expect(screen.canRedraw(101, 14)).toBe(false);
    expect(screen.canRedraw(95, 20)).toBe(false);
    expect(createScreen({ write: () => undefined }).canRedraw(1, 1)).toBe(false);
  });
});
