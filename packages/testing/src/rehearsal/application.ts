import type { Triggers } from '@amends/api';
import type { Action, App, SagaContract, ServiceKind } from '@amends/contracts';
import type { Definition } from '@amends/saga';

interface AnyService {
  readonly kind: ServiceKind;
  readonly actions: Readonly<Record<string, Action>>;
}

/** A contract of which nothing is known but its form. */
export type AnyContract = SagaContract<unknown, unknown, string>;

/** What is known of a saga without running it. */
export interface KnownSaga {
  readonly definition: Definition;
  readonly contract: AnyContract;
}

/** What is known of an application without running anything. */
export interface Application {
  /** Every saga that the workflows export and the contracts know, by name. */
  readonly sagas: Readonly<Record<string, KnownSaga | undefined>>;
  readonly services: Readonly<Record<string, AnyService | undefined>>;
  readonly events: App['events'];
  readonly triggers: Pick<Triggers, 'ruleOf'>;
}

/** Reads an application: its contracts, its triggers, and what its `workflows/index.ts` exports. */
export const applicationOf = ({
  app,
  triggers,
  workflows,
}: {
  readonly app: App;
  readonly triggers: Pick<Triggers, 'ruleOf'>;
  readonly workflows: object;
}): Application => {
  const { services, sagas: contracts, events } = app;
  // the order in which a module's exports are listed depends on what has loaded it
  const exported = Object.entries(workflows).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sagas = exported.flatMap(([name, workflow]: [string, unknown]) => {
    const definition = definitionOf(workflow);
    const contract = Object.hasOwn(contracts, name) ? (contracts[name] as AnyContract) : undefined;
    return definition === undefined || contract === undefined ? [] : [[name, { definition, contract }] as const];
  });
  return { sagas: Object.fromEntries(sagas), services, events, triggers };
};

/** Workflows that are no sagas have none. */
const definitionOf = (workflow: unknown): Definition | undefined =>
  typeof workflow === 'function' && 'definition' in workflow ? (workflow.definition as Definition) : undefined;

/** What the contracts say of an action; undefined when they know none of that name. */
export const actionOf = (
  { services }: Pick<Application, 'services'>,
  { service, action }: { readonly service: string; readonly action: string },
): Action | undefined => services[service]?.actions[action];
