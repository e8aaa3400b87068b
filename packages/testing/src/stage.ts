import type { Triggers } from '@amends/api';
import type { App, SagaContract } from '@amends/contracts';
import type { Calls } from '@amends/worker';
import type { Effects, Ended } from './services/effects.ts';
import type { Services } from './services/start-services.ts';

/** A run of a saga that is being prepared. */
export interface FreshRun {
  readonly saga: string;
  /** A business key that no other run has. */
  readonly key: string;
}

/** Another saga of the same key that has to have completed, for a saga to make sense. */
export interface ComesBefore {
  readonly saga: string;
  readonly input: unknown;
}

/** An application as tests see it: {@link defineStage} makes one. */
export interface Stage<S extends Services = Services> {
  readonly module: string;
  readonly app: App;
  readonly catalog: unknown;
  readonly triggers: Triggers;
  readonly calls: Calls;
  readonly workflows: object;
  readonly workflowsFile: string;
  startServices(): Promise<S>;
  prepare(services: S, input: unknown, run: FreshRun): Promise<unknown>;
  comesBefore(saga: string, input: unknown): ComesBefore | undefined;
  effects(services: S, ended: Ended): Promise<Effects> | undefined;
  wrongAtEnd(services: S): Promise<readonly string[]>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- matches any saga
type InputOf<C> = C extends SagaContract<infer I, any, any> ? I : never;
type SagasOf<A extends App> = { readonly [N in keyof A['sagas'] & string]: A['sagas'][N] };
type BeforeOf<A extends App> = {
  [N in keyof SagasOf<A>]: { readonly saga: N; readonly input: InputOf<SagasOf<A>[N]> };
}[keyof SagasOf<A>];

/** What an application says of itself, once, for all that its sagas are tested with. */
export interface StageOf<A extends App, S extends Services> {
  /** `import.meta.url`: the file exports this as `stage`, and comes into the worker process that the failure matrix kills. */
  readonly module: string;
  readonly app: A;
  /** The value of `contracts/catalog.json`. */
  readonly catalog: unknown;
  readonly triggers: Triggers;
  /** How each service is called; as is usual by default. */
  readonly calls?: Calls;
  /** Everything that `workflows/index.ts` exports: `import * as workflows`. */
  readonly workflows: object;
  /** That file, from the application's folder; beside it lie `*.paths.ts` and `histories/`. */
  readonly workflowsFile?: string;
  /** Starts every service on a fresh database, behind a fault proxy: `() => startServices(app, { … })`. */
  readonly startServices: () => Promise<S>;
  /**
   * Makes the services ready for a run with that input, such as by putting on the shelf what it asks for, and answers the input that the run
   * gets. By then it is the example with a fresh business key. By default nothing is to be done.
   */
  readonly prepare?: (services: S, input: unknown, run: FreshRun) => Promise<unknown>;
  /** What has to have completed before a run of that saga makes sense: what is given back was bought. */
  readonly comesBefore?: {
    readonly [N in keyof SagasOf<A>]?: (input: InputOf<SagasOf<A>[N]>) => BeforeOf<A>;
  };
  /**
   * Looks into the services for what a saga that has ended left in force. By default their records of operations are believed; an application
   * that looks at its own tables finds also what these records do not tell.
   */
  readonly effects?: (services: S, ended: Ended) => Promise<Effects>;
  /** What is wrong when all sagas have ended, in sentences: goods and money that are not conserved. */
  readonly wrongAtEnd?: (services: S) => Promise<readonly string[]>;
}

/** For an application's `testing/stage.ts`: `export const stage = defineStage({ module: import.meta.url, app, … })`. */
export const defineStage = <const A extends App, S extends Services>(said: StageOf<A, S>): Stage<S> => {
  const before = said.comesBefore as
    | Readonly<Record<string, ((input: unknown) => ComesBefore) | undefined>>
    | undefined;
  const { module, app, catalog, triggers, calls = {}, workflows, workflowsFile = 'workflows/index.ts' } = said;
  return {
    module,
    app,
    catalog,
    triggers,
    calls,
    workflows,
    workflowsFile,
    startServices: said.startServices,
    prepare: async (services, input, run) => (said.prepare ? said.prepare(services, input, run) : input),
    comesBefore: (saga, input) => before?.[saga]?.(input),
    effects: (services, ended) => said.effects?.(services, ended),
    wrongAtEnd: async (services) => said.wrongAtEnd?.(services) ?? [],
  };
};
