import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { sagaTimes } from './times.ts';

const port = (fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .transform((text, context) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
      context.addIssue({ code: 'custom', message: `must be a port from 1 to 65535, not '${text}'` });
      return z.NEVER;
    });

const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .default(String(fallback))
    .transform((text, context) => {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= min && value <= max) return value;
      context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}, not '${text}'` });
      return z.NEVER;
    });

const isUrlOf = (text: string, schemes: readonly string[]): boolean =>
  URL.canParse(text) && schemes.includes(new URL(text).protocol);

const urlOf = (...schemes: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => isUrlOf(text, schemes),
      `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
    );

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

/** `0.2:7`: which share of the requests, by which seed (1 when left out). */
const lossy = z.string().transform((text, context) => {
  const [, share = '', seed = '1'] = /^(0|1|0?\.\d{1,6})(?::(\d{1,9}))?$/.exec(text) ?? [];
  if (share !== '') return { share: Number(share), seed: Number(seed) };
  context.addIssue({ code: 'custom', message: `must be a share from 0 to 1, or with a seed 0.2:7, not '${text}'` });
  return z.NEVER;
});

/** It travels in a header. */
const token = z.string().regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 printable ASCII characters without blanks');

/** Every variable this project reads, with its default; unset and empty are the same. */
const Variables = z.object({
  HOST: host.default('127.0.0.1'),
  API_PORT: port(8080),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  POSTGRES_PORT: port(7432),
  NATS_PORT: port(7422),
  ORDERS_PORT: port(7101),
  INVENTORY_PORT: port(7102),
  PAYMENTS_PORT: port(7103),
  SHIPPING_PORT: port(7104),
  NOTIFICATIONS_PORT: port(7105),
  PROVIDER_PORT: port(7106),
  API_URL: urlOf('http:', 'https:').optional(),
  ORDERS_URL: urlOf('http:', 'https:').optional(),
  INVENTORY_URL: urlOf('http:', 'https:').optional(),
  PAYMENTS_URL: urlOf('http:', 'https:').optional(),
  SHIPPING_URL: urlOf('http:', 'https:').optional(),
  NOTIFICATIONS_URL: urlOf('http:', 'https:').optional(),
  PROVIDER_URL: urlOf('http:', 'https:').optional(),
  PROVIDER_DIR: z.string().optional(),
  PROVIDER_LOSSY: lossy.optional(),
  TEMPORAL_ADDRESS: hostAndPort.optional(),
  TEMPORAL_UI_URL: urlOf('http:', 'https:').optional(),
  TEMPORAL_CLI_PATH: z.string().optional(),
  NATS_SERVER_PATH: z.string().optional(),
  DATABASE_URL: urlOf('postgres:', 'postgresql:').optional(),
  NATS_URL: broker.optional(),
  SERVICE_TOKEN: token.optional(),
  MAX_BODY_BYTES: wholeNumber(1_048_576, 1_024, 1_500_000),
  AMENDS_CACHE_DIR: z.string().optional(),
  AMENDS_STATE_DIR: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  XDG_STATE_HOME: z.string().optional(),
  SUDO_UID: wholeNumber(0, 0, 4_294_967_295),
  SUDO_GID: wholeNumber(0, 0, 4_294_967_295),
  AMENDS_TIMES: sagaTimes,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Their names. */
export const VARIABLES: readonly string[] = Object.keys(Variables.shape);

const Settings = Variables.transform((env) => ({
  ...env,
  API_URL: (env.API_URL ?? `http://${env.HOST}:${env.API_PORT}`).replace(/\/$/, ''),
  ORDERS_URL: env.ORDERS_URL ?? `http://${env.HOST}:${env.ORDERS_PORT}`,
  INVENTORY_URL: env.INVENTORY_URL ?? `http://${env.HOST}:${env.INVENTORY_PORT}`,
  PAYMENTS_URL: env.PAYMENTS_URL ?? `http://${env.HOST}:${env.PAYMENTS_PORT}`,
  SHIPPING_URL: env.SHIPPING_URL ?? `http://${env.HOST}:${env.SHIPPING_PORT}`,
  NOTIFICATIONS_URL: env.NOTIFICATIONS_URL ?? `http://${env.HOST}:${env.NOTIFICATIONS_PORT}`,
  PROVIDER_URL: (env.PROVIDER_URL ?? `http://${env.HOST}:${env.PROVIDER_PORT}`).replace(/\/$/, ''),
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

/**
 * The configuration, parsed once and strictly; the only place that reads `process.env`.
 *
 * @throws ConfigError with a sentence for every wrong variable
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>> = process.env): Config => {
  const parsed = Settings.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join('\n'));
};

/** The environment that a child process inherits, as it is. */
export const inheritedEnvironment = (): Readonly<Record<string, string | undefined>> => ({ ...process.env });
