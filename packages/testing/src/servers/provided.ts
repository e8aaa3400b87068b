declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merged into vitest's own
  export interface ProvidedContext extends ProvidedServers {}
}

/** What `@amends/testing/global-setup` provides for a whole run; a test reads it by `inject`. */
export interface ProvidedServers {
  /** `host:port` of one real Temporal server; its namespace is `default`. */
  readonly temporalAddress: string;
  /** URL of one real PostgreSQL, as a role that may create databases and roles. */
  readonly postgresUrl: string;
  /** URL of one real NATS server with JetStream. */
  readonly natsUrl: string;
}
