import { parseSagaId, sagaId } from '../../packages/contracts/src/protocol/keys.ts';
import type { DueSaga, SentBook, SentCancel } from './sent-book.ts';
import type { EffectsFound, LetterFound, SagaFound, World } from './world.ts';

const ORDER_SAGA = 'fulfilOrder';

type Sent = Pick<SentBook, 'sagas' | 'cancels' | 'told' | 'letters'>;

/** Where what there is is not what must come of what was sent: a sentence each, none when all is well. */
export const judge = (sent: Sent, world: World): string[] => [
  ...(world.left === null ? [] : [world.left]),
  ...judgeSagas(sent, world),
  ...judgeCancels(sent, world),
  ...judgeTold(sent, world),
  ...judgeLetters(sent, world),
  ...judgeOrders(world),
  ...world.notConserved,
];

const judgeSagas = ({ sagas: due, cancels }: Sent, { sagas }: World): string[] => {
  const wrong = [...due].flatMap(([id, wanted]) => {
    const saga = sagas.get(id);
    return saga === undefined ? [`${id} was never started`] : wrongSaga(id, saga, wanted, cancels.get(id));
  });
  return [...wrong, ...[...sagas.keys()].filter((id) => !due.has(id)).map((id) => `${id} is a saga too many`)];
};

const wrongSaga = (id: string, saga: SagaFound, due: DueSaga, cancel: SentCancel | undefined): string[] => [
  ...(saga.chains === 1 ? [] : [`${id} has been run ${saga.chains} times`]),
  ...(saga.fingerprint === due.fingerprint ? [] : [`${id} has another input than was sent`]),
  ...(saga.end === due.end || (saga.end === 'cancelled' && cancel !== undefined)
    ? []
    : [`${id} is ${saga.end}, and must be ${due.end}${cancel ? ' or cancelled' : ''}`]),
];

/** A cancel has cancelled its saga, or its sender was told, or it is published as too late (S9). */
const judgeCancels = ({ cancels, sagas: due }: Sent, { sagas, late }: World): string[] => {
  const unheard = [...cancels].flatMap(([id, told]) => {
    const end = sagas.get(id)?.end;
    // it may have come while the saga was being undone for a reason of its own
    if (end === 'cancelled' || (end === 'compensated' && due.get(id)?.end === 'compensated')) return [];
    return told.late || late.has(id) ? [] : [`the cancel of ${id} is nowhere, and it is ${end}`];
  });
  const more = [...late].filter((id) => !cancels.has(id));
  return [...unheard, ...more.map((id) => `a cancel of ${id} is among the late ones, and nobody has sent it`)];
};

const judgeTold = ({ told }: Sent, { sagas }: World): string[] =>
  [...told].flatMap(([id, event]) => (sagas.get(id)?.told.includes(event) ? [] : [`${id} was never told of ${event}`]));

const judgeLetters = ({ letters: due }: Sent, { letters }: World): string[] => {
  const bySequence = new Map<number, LetterFound[]>();
  for (const letter of letters) bySequence.set(letter.sequence, [...(bySequence.get(letter.sequence) ?? []), letter]);
  const wrong = [...due].flatMap(([sequence, { id, reason, digest }]) => {
    const found = bySequence.get(sequence) ?? [];
    const [letter] = found;
    if (letter === undefined) return [`${id} has no dead letter`];
    return [
      ...(found.length === 1 ? [] : [`${id} has ${found.length} dead letters`]),
      ...(letter.reason === reason
        ? []
        : [`${id} is in the dead letters as ${letter.reason}, and must be as ${reason}`]),
      ...(letter.digest === digest ? [] : [`the dead letter of ${id} has other bytes`]),
    ];
  });
  const more = letters.filter(({ sequence }) => !due.has(sequence));
  return [
    ...wrong,
    ...more.map(({ subject, sequence }) => `${subject} of event ${sequence} is a dead letter too many`),
  ];
};

const STATUS = {
  completed: 'confirmed',
  compensated: 'rejected',
  cancelled: 'cancelled',
  open: null,
  killed: null,
} as const;
const NOTHING: EffectsFound = { captured: 0, authorized: 0, shipped: 0, reserved: 0, booked: 0 };
const FULFILLED: EffectsFound = { captured: 1, authorized: 0, shipped: 1, reserved: 0, booked: 1 };

/** Each order's status is its saga's end, and what was done for it is in force exactly when it was fulfilled. */
const judgeOrders = ({ sagas, orders, shown, effects }: World): string[] => {
  const wrongStatuses = (statuses: World['orders'], is: string): string[] =>
    [...statuses].flatMap(([orderId, status]) => {
      const end = sagas.get(sagaId(ORDER_SAGA, orderId))?.end;
      if (end === undefined) return [`order ${orderId} ${is} ${status} and has no saga`];
      return status === STATUS[end] ? [] : [`order ${orderId} ${is} ${status}, and its saga is ${end}`];
    });
  const unshown = [...orders.keys()].filter((orderId) => !shown.has(orderId));
  const done = [...sagas].flatMap(([id, { end }]) => {
    const { saga, key: orderId } = parseSagaId(id) ?? { saga: '', key: '' };
    if (saga !== ORDER_SAGA || end === 'open' || end === 'killed') return [];
    const missing = end === 'completed' && !orders.has(orderId) ? [`${id} is completed, and there is no order`] : [];
    return [...missing, ...wrongEffects(id, end, effects.get(orderId) ?? NOTHING)];
  });
  const nobodys = [...effects.keys()].filter((orderId) => !sagas.has(sagaId(ORDER_SAGA, orderId)));
  return [
    ...wrongStatuses(orders, 'is'),
    ...wrongStatuses(shown, 'is shown as'),
    ...unshown.map((orderId) => `order ${orderId} is not shown`),
    ...done,
    ...nobodys.map((orderId) => `something was done for ${orderId}, which has no saga`),
  ];
};

const wrongEffects = (id: string, end: string, found: EffectsFound): string[] => {
  const wanted = end === 'completed' ? FULFILLED : NOTHING;
  const words = (Object.keys(wanted) as (keyof EffectsFound)[])
    .filter((name) => found[name] !== wanted[name])
    .map((name) => `${name} ${found[name]} times`);
  return words.length === 0 ? [] : [`${id} is ${end}, and its goods or money were ${words.join(', ')}`];
};
