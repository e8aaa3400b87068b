// Sagas that call an outsider: a legacy system of which testing/legacy-points.ts is one.
import { compensable, pointOfNoReturn, retriable } from '../packages/saga/src/index.ts';
import { ports } from '../packages/saga/src/author/ports.ts';
import { shipping } from '../workflows/sagas.ts';
import type { legacyPoints } from './legacy-points.ts';
import { oddSaga as odd } from './odd-saga.ts';
import type { points as adapterContract } from './points-adapter.ts';

const { legacy } = ports<{ legacy: typeof legacyPoints }, 'outside'>('outside', { legacy: { setLevel: true } });

/** What nobody knows of is taken back as well: the books may be below zero then, which somebody sees. */
const addPoints = compensable(legacy.add, { undo: legacy.take, given: ({ member, points }) => ({ member, points }) });
const bookShipment = compensable(shipping.book, { undo: 'cancel booking' });

/** Points first, then a parcel: a refused parcel takes the points back. */
export const earnsPoints = odd(
  'earnsPoints',
  { addPoints, bookShipment },
  async ({ orderId, customerId, shipTo, lines }, step) => {
    const said = await step.addPoints({ member: customerId, points: 300 });
    await step.bookShipment({ orderId, shipTo, lines });
    return said;
  },
);

/** Points past the point of no return. */
export const earnsPointsLate = odd(
  'earnsPointsLate',
  { bookShipment, addPoints: retriable(legacy.add, { whenExhausted: 'park' }) },
  async ({ orderId, customerId, shipTo, lines }, step) => {
    await step.bookShipment({ orderId, shipTo, lines });
    pointOfNoReturn(step);
    return step.addPoints({ member: customerId, points: 300 });
  },
);

/** What may be asked again. */
export const levelsUp = odd(
  'levelsUp',
  { setLevel: compensable(legacy.setLevel, { noUndo: 'the next order sets it anew' }) },
  async ({ customerId }, step) => step.setLevel({ member: customerId, level: 'gold' }),
);

const { points } = ports<{ points: typeof adapterContract }, 'participant'>('participant');

/** The same through an adapter. */
export const earnsThroughAdapter = odd(
  'earnsThroughAdapter',
  { earnPoints: compensable(points.earn, { undo: 'take points back' }), bookShipment },
  async ({ orderId, customerId, shipTo, lines }, step) => {
    const { said } = await step.earnPoints({ member: customerId, points: 300 });
    await step.bookShipment({ orderId, shipTo, lines });
    return said;
  },
);
