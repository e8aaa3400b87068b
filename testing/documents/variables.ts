/** A group of variables, as a reader looks for them. `meaning` says what one is for; what it takes and its default come from the schema. */
export interface VariableGroup {
  readonly title: string;
  readonly intro: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Every variable that every application has; a test holds the names against the schema. */
export const VARIABLE_GROUPS: readonly VariableGroup[] = [
  {
    title: 'Where processes listen',
    intro: 'Ports of services and of the API follow from `amends.config.ts`, below.',
    variables: {
      HOST: 'where the API, the services and Temporal listen; PostgreSQL and NATS stay on loopback',
      TEMPORAL_PORT: 'the port of the Temporal server that `amends start` starts',
      TEMPORAL_UI_PORT: 'the port of its Web UI',
      POSTGRES_PORT: 'the port of the PostgreSQL server that `amends start` starts',
      NATS_PORT: 'the port of the NATS server that `amends start` starts',
    },
  },
  {
    title: 'Servers that run already',
    intro:
      'A server that one of these variables names is used. `amends start` starts the others itself. A server that is out of reach is named ' +
      'with its variable.',
    variables: {
      TEMPORAL_ADDRESS:
        "the Temporal server; with it Temporal's own variables count too (`TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`)",
      TEMPORAL_UI_URL:
        'the Web UI that printed links lead to; with `TEMPORAL_ADDRESS` there are no links unless it is set',
      DATABASE_URL:
        'for `amends start`: PostgreSQL, as a role that may create databases and roles; for a service: its own database',
      NATS_URL: 'the broker; `none`: there is no broker, and services and sagas push their events over HTTP',
      TEMPORAL_CLI_PATH: 'the Temporal CLI that `amends start` runs',
      NATS_SERVER_PATH: 'the `nats-server` that `amends start` runs',
    },
  },
  {
    title: 'Credentials between processes',
    intro: 'Never put one into `amends.config.ts`: it is read from the environment of each process.',
    variables: {
      SERVICE_TOKEN:
        'what sagas show the participants, as `Authorization: Bearer …`; a service that has it refuses all other calls',
      PUSH_TOKEN:
        'without a broker: what services and sagas show the receivers of pushed events. Not the same as `SERVICE_TOKEN`. A service ' +
        'without it refuses every push (401)',
    },
  },
  {
    title: 'Limits, times, log',
    intro: '',
    variables: {
      MAX_BODY_BYTES: 'the largest body of a request, in bytes',
      AMENDS_TIMES: 'times of sagas and steps, where they differ from what the sagas say: see below',
      AMENDS_CALL_STACKS:
        "`on`: the Web UI shows where a saga's code waits (its call stack), at several times the CPU of a saga; for finding a mistake, not for load",
      LOG_LEVEL: 'the least severe line that is written',
    },
  },
  {
    title: 'Folders',
    intro: '',
    variables: {
      AMENDS_CACHE_DIR: 'where the servers that were fetched are kept',
      AMENDS_STATE_DIR: 'where `amends start` keeps data and logs of this application',
      XDG_CACHE_HOME: 'the folder of caches, as other programs use it',
      XDG_STATE_HOME: 'the folder of state, as other programs use it',
      SUDO_UID: 'set by `sudo`: the user as whom PostgreSQL runs, because it does not run as root',
      SUDO_GID: 'the group, likewise',
    },
  },
];

/** Defaults that no value of the schema tells. */
export const DEFAULTS_IN_WORDS: Readonly<Record<string, string>> = {
  TEMPORAL_ADDRESS: 'a server is started',
  TEMPORAL_UI_URL: 'the Web UI of that server',
  DATABASE_URL: 'a server is started; a service needs it',
  NATS_URL: 'a server is started',
  TEMPORAL_CLI_PATH: 'looked for',
  NATS_SERVER_PATH: 'looked for',
  SERVICE_TOKEN: 'none',
  PUSH_TOKEN: '`amends start` makes one, at each start',
  AMENDS_TIMES: '`{}`',
  AMENDS_CACHE_DIR: '`~/.cache/amends`; of root `/var/cache/amends`',
  AMENDS_STATE_DIR: '`~/.local/state/amends/…`; of root `/var/lib/amends/…`',
  XDG_CACHE_HOME: '`~/.cache`',
  XDG_STATE_HOME: '`~/.local/state`',
  SUDO_UID: 'none',
  SUDO_GID: 'none',
};
