import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import type { Environment, System } from './system/define-system.ts';
import { placesOf, variableNameOf, type Place } from './system/places-of.ts';
import { sagaTimes } from './times.ts';
import { isUrlOf, port, urlOf, wholeNumber } from './variables.ts';

/** What NATS_URL says when there is to be no broker (E8). */
export const NO_BROKER = 'none';

const broker = z
  .string()
  .refine(
    (text) => text === NO_BROKER || isUrlOf(text, ['nats:', 'tls:']),
    `must be ${NO_BROKER}, or a URL that begins with nats:// or tls://`,
  );

/** Digits with points, or a name; IPv6 would have to stand in brackets in a URL and without them elsewhere. */
const host = z
  .string()
  .regex(/^[\w.-]+$/, { error: ({ input }) => `must be a host name or an IPv4 address, not '${input}'` });

const hostAndPort = z.string().refine(
  (text) => {
    const [, digits] = /^(?:\[[\da-f:.]+\]|[\w.-]+):(\d+)$/i.exec(text) ?? [];
    return digits !== undefined && Number(digits) >= 1 && Number(digits) <= 65_535;
  },
  { error: ({ input }) => `must be host:port, not '${String(input)}'` },
);

/** It travels in a header. */
const token = z.string().regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 printable ASCII characters without blanks');

const LOOPBACK = '127.0.0.1';

/** Every variable that every system has, with its default; unset and empty are the same. */
const Variables = z.object({
  HOST: host.default(LOOPBACK),
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  POSTGRES_PORT: port.default(7432),
  NATS_PORT: port.default(7422),
  TEMPORAL_ADDRESS: hostAndPort.optional(),
  TEMPORAL_UI_URL: urlOf('http:', 'https:').optional(),
  TEMPORAL_CLI_PATH: z.string().optional(),
  NATS_SERVER_PATH: z.string().optional(),
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  NATS_URL: broker.optional(),
  SERVICE_TOKEN: token.optional(),
  PUSH_TOKEN: token.optional(),
  MAX_BODY_BYTES: wholeNumber(1_048_576, 1_024, 1_500_000),
  AMENDS_CACHE_DIR: z.string().optional(),
  AMENDS_STATE_DIR: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  XDG_STATE_HOME: z.string().optional(),
  SUDO_UID: wholeNumber(0, 0, 4_294_967_295),
  SUDO_GID: wholeNumber(0, 0, 4_294_967_295),
  AMENDS_TIMES: sagaTimes,
  AMENDS_CALL_STACKS: z.enum(['on', 'off']).default('off'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Their names. */
export const VARIABLES: readonly string[] = Object.keys(Variables.shape);

const Settings = Variables.transform((env) => ({
  ...env,
  // where the Web UI of somebody's own Temporal is, only they can say
  TEMPORAL_UI_URL:
    env.TEMPORAL_UI_URL ??
    (env.TEMPORAL_ADDRESS === undefined ? `http://${env.HOST}:${env.TEMPORAL_UI_PORT}` : undefined),
  /** Undefined: there is no broker. */
  NATS_URL: env.NATS_URL === NO_BROKER ? undefined : (env.NATS_URL ?? `nats://${env.HOST}:${env.NATS_PORT}`),
  /** Whether NATS_URL was set, so that the broker is somebody else's, or there is none. */
  NATS_IS_GIVEN: env.NATS_URL !== undefined,
}));

export type Config = z.output<typeof Settings>;

/** The configuration of an application's process: what is read from the environment, and where the parts of its system are. */
export interface SystemConfig extends Config {
  readonly system: System;
  readonly places: readonly Place[];
}

/**
 * The configuration, parsed once and strictly; `process.env` is read in this file alone.
 *
 * @throws ConfigError with a sentence for every wrong variable
 */
export const readConfig = (env: Environment = process.env): Config => {
  const parsed = Settings.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join('\n'));
};

/**
 * The same, with the places of a system: `<NAME>_PORT` and `<NAME>_URL` of each of its parts.
 *
 * @throws ConfigError with a sentence for every wrong variable
 */
export const readSystemConfig = (system: System, env: Environment = process.env): SystemConfig => {
  const wrong: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      wrong.push(error.message);
      return undefined;
    }
  };
  const config = attempt(() => readConfig(env));
  const places = attempt(() => placesOf(system, config?.HOST ?? LOOPBACK, env));
  if (config === undefined || places === undefined || wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return { ...config, system, places };
};

/** Where one service listens, when its process knows no system: `PORT`, or `<NAME>_PORT`. @throws ConfigError when neither is set */
export const servicePort = (name: string, env: Environment = process.env): number => {
  const variable = `${variableNameOf(name)}_PORT`;
  const text = env['PORT'] || env[variable];
  const { data, error } = port.safeParse(text);
  if (data !== undefined) return data;
  const why = text === undefined || text === '' ? 'must say where it listens' : (error?.issues[0]?.message ?? '');
  throw new ConfigError(`PORT, or ${variable}, ${why}.`);
};

/** The environment that a child process inherits, as it is. */
export const inheritedEnvironment = (): Environment => ({ ...process.env });
