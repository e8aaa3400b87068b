import type { App } from '@amends/contracts';

/** Environment variables, as a process finds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A process of the application's own: its source, relative to the application's folder, and the port on which it listens. */
export interface OwnProcess {
  readonly entry: string;
  readonly port: number;
}

/**
 * Where a service is: a process of this application, or somebody else's behind a URL.
 *
 * - `entry`, `port`: it is built and started with the system, and has a database and a role of its own name.
 * - `listens`: types of events that it takes at `POST /events` where there is no broker (E8); `all`: every type.
 * - `url`: it runs elsewhere; `headers`: what each call to it carries besides, such as its own credentials, made of the environment.
 */
export type ServicePlace<EventType extends string = string> =
  | (OwnProcess & { readonly listens?: readonly EventType[] | 'all' })
  | { readonly url: string; readonly headers?: (env: Environment) => Readonly<Record<string, string>> };

/** A process that is started besides, and no service of the contracts. `variable`: begins its variables; default its name. */
export type BesidePlace = OwnProcess & {
  readonly variable?: string;
  /** The variable that names the folder in which it keeps its data. */
  readonly folder?: string;
  /** Variables that it finds in its environment besides; by default it is told none of ours but where it listens. */
  readonly variables?: readonly string[];
};

/** What runs where, once: variables, ports, databases, what is built and started, and URLs follow from it. */
export interface System<A extends App = App> {
  readonly app: A;
  readonly services: {
    readonly [N in Extract<keyof A['services'], string>]: ServicePlace<Extract<keyof A['events'], string>>;
  };
  readonly besides?: Readonly<Record<string, BesidePlace>>;
  readonly api: OwnProcess;
  /** `workflows`: the file that exports every saga; default `workflows/index.ts`. */
  readonly workers: { readonly entry: string; readonly workflows?: string };
  /** The application's own variables, which its API, workers and services find in their environment under `amends start`. */
  readonly variables?: readonly string[];
  /** One command to try, printed when the system runs; it is handed the URL of the API and of each service, by name. */
  readonly tryIt?: (urls: Readonly<Record<string, string>>) => string;
}

/**
 * What `amends.config.ts` exports as its default.
 *
 * @throws TypeError when two processes have one port
 */
export const defineSystem = <A extends App>(app: A, system: Omit<System<A>, 'app'>): System<A> => {
  const ports = new Map<number, string>();
  const own = { ...system.services, ...system.besides, api: system.api } as Readonly<Record<string, object>>;
  for (const [name, place] of Object.entries(own)) {
    if (!('port' in place) || typeof place.port !== 'number') continue;
    const other = ports.get(place.port);
    if (other !== undefined)
      throw new TypeError(`${other} and ${name} have the same port, ${place.port}: give one another.`);
    ports.set(place.port, name);
  }
  return { app, ...system };
};
