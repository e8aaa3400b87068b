// What the compiler knows of an event, and what it refuses an author. Compiled with the tests: an unused expectation is an error.
import { z } from 'zod';
import type { KnownEventOf } from '../../packages/events/src/edge/known-event.ts';
import { event, olderVersion } from '../../packages/contracts/src/define-event.ts';
import type { SagaEventData } from '../../packages/contracts/src/saga-events.ts';
import type { EventData, EventType, events } from '../../contracts/events.ts';
import type { Order } from '../../contracts/orders.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(isSame: Same<A, B>): void => void isSame;

// ── a type and its data belong together
same<EventData<'shop.order.placed.v1'>, Order>(true);
same<EventData<'shop.order.cancel-requested.v1'>, { orderId: string; reason: string }>(true);
same<EventData<'returnOrder.parked.v1'>, SagaEventData>(true);
same<KnownEventOf<typeof events, 'shop.order.placed.v1'>['data'], Order>(true);
same<KnownEventOf<typeof events>['type'], EventType>(true);
// @ts-expect-error no such type
type _ = EventData<'shop.order.exploded.v1'>;

const moved = { publishedBy: 'a test', when: 'something has moved', data: z.object({ city: z.string() }) };
const old = { data: z.object({ to: z.string() }), example: { to: 'Ulm' } };

// ── an author says by an example what is meant
// @ts-expect-error no example
event(moved);
// @ts-expect-error an example of something else
event({ ...moved, example: { to: 'Ulm' } });
// @ts-expect-error nobody says who publishes it
event({ when: moved.when, data: moved.data, example: { city: 'Ulm' } });

// ── an older version becomes the newest
event({
  ...moved,
  example: { city: 'Ulm' },
  older: olderVersion('test.moved.v1', { ...old, upcast: ({ to }) => ({ city: to }) }),
});
event({
  ...moved,
  example: { city: 'Ulm' },
  // @ts-expect-error its upcast makes something else
  older: olderVersion('test.moved.v1', { ...old, upcast: ({ to }) => ({ town: to }) }),
});
// @ts-expect-error no version in its name
olderVersion('test.moved', { ...old, upcast: ({ to }) => ({ city: to }) });
