import type { Client } from '@temporalio/client';
import type { Action, App, SagaContract } from '@amends/contracts';
import { parseSagaId } from '@amends/contracts';
import { readCatalog, type Catalog } from './catalog.ts';

/** A contract of which nothing is known but its form: each reads only what its own schema has parsed, so that `unknown` is safe here. */
export type AnySagaContract = SagaContract<unknown, unknown, string>;

/** Which sagas an application has, and what its contracts say of them and of the services that they call. */
export interface KnownSagas {
  /** Every saga by name, as `amends catalog` has written it. */
  readonly catalog: Catalog;
  /** The contract of the saga of that name; undefined when there is none. */
  readonly contractOf: (saga: string) => AnySagaContract | undefined;
  /** What the contracts say of the action of a saga's step; undefined of a step that calls none. */
  readonly actionOf: (sagaId: string, step: { readonly name: string }) => Action | undefined;
}

/**
 * @param catalog the value of the application's `contracts/catalog.json`
 * @throws ZodError when it is no catalog
 */
export const knownSagas = ({ services, sagas }: Pick<App, 'services' | 'sagas'>, catalog: unknown): KnownSagas => {
  const entries = readCatalog(catalog);
  const actions = new Map(
    Object.entries(services).map(([name, service]) => [
      name,
      new Map(Object.entries(service.actions as Readonly<Record<string, Action>>)),
    ]),
  );
  return {
    catalog: entries,
    contractOf: (saga) => (Object.hasOwn(sagas, saga) ? (sagas[saga] as AnySagaContract) : undefined),
    actionOf: (sagaId, { name }) => {
      const steps = entries.get(parseSagaId(sagaId)?.saga ?? '')?.steps ?? [];
      const { service, action } = steps.find((step) => step.name === name) ?? {};
      return service && action ? actions.get(service)?.get(action) : undefined;
    },
  };
};

/** Temporal's client that knows which sagas there are. */
export type SagaTemporal = Client & { readonly sagas: KnownSagas };

/** Gives a client what it is to know. The client itself is changed, and answered. */
export const withSagas = (client: Client, sagas: KnownSagas): SagaTemporal => Object.assign(client, { sagas });
