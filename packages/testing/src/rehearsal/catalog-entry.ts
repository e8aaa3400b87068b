import { milliseconds } from '@amends/saga/internal';
import type { Step } from '@amends/saga';
import { diagramOf, undoNameOf } from './diagram.ts';
import type { RehearsedSaga } from './rehearsed-saga.ts';

/** What `contracts/catalog.json` says of a saga; packages/client/src/catalog.ts has its schema. */
export const catalogEntry = async (saga: RehearsedSaga): Promise<object> => {
  const { deadline, steps } = saga.definition;
  return {
    startedBy: saga.contract.startedBy ?? 'anybody',
    deadline: deadline === null ? null : milliseconds(deadline),
    steps: Object.entries(steps).map(([name, step]) => ({ name, ...stepEntry(step) })),
    diagram: await diagramOf(saga),
  };
};

/** Every member is there; null where it is none of that kind's. */
const stepEntry = (step: Step): object => {
  const { kind, each } = step;
  const called = kind === 'compensable' || kind === 'pivot' || kind === 'retriable' ? step : null;
  const waits = kind === 'event' || kind === 'approval' ? step : null;
  return {
    kind,
    service: called?.service ?? null,
    action: called?.action ?? null,
    undo: undoNameOf(step),
    lane: called?.lane ?? null,
    each,
    saga: kind === 'child' ? step.saga : null,
    event: kind === 'event' ? step.event : null,
    within: waits === null ? null : milliseconds(waits.within),
    otherwise: kind === 'approval' ? step.otherwise : null,
    expects: 'expects' in step ? step.expects : [],
    whenExhausted: kind === 'retriable' ? (step.whenExhausted ?? 'park') : null,
  };
};
