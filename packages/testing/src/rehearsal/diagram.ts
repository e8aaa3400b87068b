import type { Definition, Step } from '@amends/saga';
import { inWords } from '@amends/saga/internal';
import { refusalsOf } from './happenings.ts';
import type { Rehearsal } from './rehearsed.ts';
import { EXAMPLE, type RehearsedSaga } from './rehearsed-saga.ts';
import { pathsOf, rehearsePath } from './ways.ts';

/**
 * A saga as a Mermaid flowchart, drawn from its rehearsal: what goes out together stands side by side; a dotted arrow leads to a step's
 * undo; the pivot is a hexagon with a thick border. A step that only another path takes hangs on an arrow that says which.
 */
export const diagramOf = async (saga: RehearsedSaga): Promise<string> => {
  const { definition } = saga;
  const edges = new Map<string, string>();
  for (const { words, rehearsal } of await drawnPaths(saga)) {
    const waves = wavesOf(rehearsal);
    for (const [at, from] of waves.entries()) {
      const to = waves[at + 1] ?? ['completed'];
      for (const one of from) {
        for (const other of to) {
          const edge = `${one} --> ${other}`;
          if (!edges.has(edge)) edges.set(edge, words === null ? edge : `${one} -->|"${words}"| ${other}`);
        }
      }
    }
  }
  const steps = Object.entries(definition.steps);
  const lines = [
    'flowchart TD',
    'begin([start])',
    'completed([completed])',
    ...steps.map(([name, step]) => nodeOf(name, step)),
    ...edges.values(),
    ...steps.flatMap(([name, step]) => undoOf(name, step)),
    'classDef pivot stroke-width:4px',
    'classDef undo stroke-dasharray:4',
  ];
  return `${lines.join('\n  ')}\n`;
};

/** The example's path without a word, then every other one, expected refusals among them. */
const drawnPaths = async (saga: RehearsedSaga): Promise<readonly { words: string | null; rehearsal: Rehearsal }[]> => {
  const drawn: { words: string | null; rehearsal: Rehearsal }[] = [];
  for (const path of pathsOf(saga)) {
    const rehearsal = await rehearsePath(saga, path);
    drawn.push({ words: path === EXAMPLE ? null : path, rehearsal });
    for (const { id, step } of rehearsal.calls) {
      for (const code of expectedOf(saga, saga.definition, step)) {
        const refused = await rehearsePath(saga, path, { [id]: { what: 'refused', code } });
        drawn.push({ words: `${inWords(step)} ${code}`, rehearsal: refused });
      }
    }
  }
  return drawn.filter(({ rehearsal }) => rehearsal.end === 'completed');
};

const expectedOf = (saga: RehearsedSaga, { steps }: Definition, name: string): readonly string[] => {
  const step = steps[name];
  if (step === undefined || !('expects' in step)) return [];
  return refusalsOf(step, saga.app).filter((code) => step.expects.includes(code));
};

/** The start, and which steps go out together; a loop's instances are one. */
const wavesOf = ({ calls }: Rehearsal): readonly (readonly string[])[] => {
  const waves = new Map<number, Set<string>>();
  for (const { wave, step } of calls) waves.set(wave, (waves.get(wave) ?? new Set()).add(step));
  return [['begin'], ...[...waves.values()].map((wave) => [...wave])];
};

const nodeOf = (name: string, step: Step): string => {
  const words = `${inWords(name)}${step.each === null ? '' : `, each ${step.each}`}`;
  switch (step.kind) {
    case 'pivot':
      return `${name}{{"${words}"}}:::pivot`;
    case 'event':
      return `${name}>"${words}: ${step.event}, within ${step.within}"]`;
    case 'approval':
      return `${name}[/"${words}, within ${step.within}, else ${step.otherwise}"/]`;
    case 'child':
      return `${name}[["${words}: saga ${step.saga}"]]`;
    default:
      return `${name}["${words}"]`;
  }
};

const undoOf = (name: string, step: Step): readonly string[] => {
  const undo = undoNameOf(step);
  return undo === null ? [] : [`undo_${name}["${undo}"]:::undo`, `${name} -.-> undo_${name}`];
};

/** How a step is undone: in the service's words, by an outsider's action, or by a saga; null: not at all. */
export const undoNameOf = (step: Step): string | null => {
  if (step.kind === 'event' || step.kind === 'approval' || step.undo === null) return null;
  if (typeof step.undo === 'string') return step.undo;
  return 'saga' in step.undo ? step.undo.saga : `${step.undo.service}.${step.undo.action}`;
};
