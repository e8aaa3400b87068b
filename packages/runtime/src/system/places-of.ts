import { ConfigError } from '../config-error.ts';
import { port, urlOf } from '../variables.ts';
import type { Environment, System } from './define-system.ts';

/**
 * A part of the system, as this environment places it.
 *
 * - `variable`: begins its variables, `ORDERS` of `ORDERS_PORT` and `ORDERS_URL`.
 * - `port`: where its own process listens; null of a service that runs elsewhere.
 * - `ownUrl`: of that process; null likewise. `url`: where others reach it, which a proxy or another service may answer.
 * - `headers`: what each call to it carries besides.
 */
export interface Place {
  readonly name: string;
  readonly kind: 'service' | 'beside' | 'api';
  readonly variable: string;
  readonly entry: string | null;
  readonly port: number | null;
  readonly ownUrl: string | null;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it has a database of its name. */
  readonly database: boolean;
  /** The variable that names its folder. */
  readonly folder: string | null;
  /** Variables of the environment that it finds besides. */
  readonly variables: readonly string[];
}

/** `cardProvider`, `card-provider` → `CARD_PROVIDER`. */
export const variableNameOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

interface Declared {
  readonly entry?: string;
  readonly port?: number;
  readonly url?: string;
  readonly variable?: string;
  readonly folder?: string;
  readonly variables?: readonly string[];
  readonly headers?: (env: Environment) => Readonly<Record<string, string>>;
}

/**
 * Every part of the system but the workers, which listen nowhere: services first, in the order of the configuration, then what runs
 * besides, then the API. Empty variables count as unset.
 *
 * @throws ConfigError with a sentence for every wrong variable
 */
export const placesOf = (system: System, host: string, env: Environment): readonly Place[] => {
  const wrong: string[] = [];
  const read = <T>(
    name: string,
    schema: { safeParse: (text: string) => { data?: T; error?: { issues: { message: string }[] } } },
  ) => {
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    const { data, error } = schema.safeParse(text);
    for (const { message } of error?.issues ?? []) wrong.push(`${name} ${message}.`);
    return data;
  };
  const place = (name: string, kind: Place['kind'], declared: Declared): Place => {
    const variable = declared.variable ?? variableNameOf(name);
    const listens = declared.port === undefined ? null : (read(`${variable}_PORT`, port) ?? declared.port);
    const ownUrl = listens === null ? null : `http://${host}:${listens}`;
    const url = read(`${variable}_URL`, urlOf('http:', 'https:')) ?? declared.url ?? ownUrl ?? '';
    return {
      name,
      kind,
      variable,
      entry: declared.entry ?? null,
      port: listens,
      ownUrl,
      url: url.replace(/\/$/, ''),
      headers: declared.headers?.(env) ?? {},
      database: kind === 'service' && declared.entry !== undefined,
      folder: declared.folder ?? null,
      variables: declared.variables ?? [],
    };
  };
  const places = [
    ...Object.entries<Declared>(system.services).map(([name, one]) => place(name, 'service', one)),
    ...Object.entries<Declared>(system.besides ?? {}).map(([name, one]) => place(name, 'beside', one)),
    place('api', 'api', system.api),
  ];
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return places;
};

/** The part of that name. @throws ConfigError when amends.config.ts has none */
export const placeOf = (places: readonly Place[], name: string): Place => {
  const found = places.find((place) => place.name === name);
  if (found === undefined) throw new ConfigError(`amends.config.ts has no ${name}.`);
  return found;
};

/** The file that exports every saga, in the application's folder. */
export const workflowsOf = ({ workers }: Pick<System, 'workers'>): string => workers.workflows ?? 'workflows/index.ts';

/** The sources that the processes of the system start from. */
export const entriesOf = ({ services, besides = {}, api, workers }: System): readonly string[] => [
  api.entry,
  workers.entry,
  ...Object.values<Declared>({ ...services, ...besides }).flatMap(({ entry }) => (entry === undefined ? [] : [entry])),
];
