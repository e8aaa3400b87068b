import type { Service, ServiceKind, SagaContract } from './define.ts';
import type { EventContract } from './define-event.ts';

// oxlint-disable typescript/no-explicit-any -- the bounds of what an application may name
type AnyService = Service<ServiceKind, any>;
type AnySaga = SagaContract<any, any, any>;
type AnyEvent = EventContract<any>;
// oxlint-enable typescript/no-explicit-any

/**
 * What one application says: its services, its sagas and its events, by name. Everything else of Amends is handed this.
 *
 * - `services`: name → {@link participant} or {@link outside}; the name is also its task queue and its place in `amends.config.ts`.
 * - `sagas`: name → {@link sagaContract}; a workflow of the same name is exported by `workflows/index.ts`.
 * - `events`: type → {@link event}; the sagas' own, `sagaEvents(sagas)`, are among them.
 */
export interface App {
  readonly services: Readonly<Record<string, AnyService>>;
  readonly sagas: Readonly<Record<string, AnySaga>>;
  readonly events: Readonly<Record<string, AnyEvent>>;
}

const NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
const EVENT_TYPE = /^[a-zA-Z0-9._-]{1,200}\.v[0-9]+$/;

/**
 * Puts the contracts of an application together.
 *
 * @throws TypeError naming what no application may say: a name that is not `[a-z][A-Za-z0-9]{0,63}`, a saga called `bulk` (its route is
 *   another's), an event type that does not end in its version, or saga events that are missing
 */
export const defineApp = <const A extends App>(app: A): A => {
  for (const [kind, table] of [['service', app.services] as const, ['saga', app.sagas] as const]) {
    for (const name of Object.keys(table)) {
      if (!NAME.test(name)) {
        throw new TypeError(
          `The ${kind} "${name}" has no valid name: a small letter first, then letters and digits, at most 64.`,
        );
      }
    }
  }
  if (Object.hasOwn(app.sagas, 'bulk')) {
    throw new TypeError('No saga can be called "bulk": POST /sagas/bulk acts on many sagas at once.');
  }
  for (const type of Object.keys(app.events)) {
    if (!EVENT_TYPE.test(type))
      throw new TypeError(`The event type "${type}" does not end in its version, such as .v1.`);
  }
  for (const saga of Object.keys(app.sagas)) {
    if (!Object.hasOwn(app.events, `${saga}.completed.v1`)) {
      throw new TypeError(
        `The events of the saga "${saga}" are missing: add ...sagaEvents(sagas) to the application's events.`,
      );
    }
  }
  return app;
};
