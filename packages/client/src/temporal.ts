import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import type { Config } from '@amends/runtime/internal';

/** How a process reaches Temporal. */
export interface TemporalConnection {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'] & { readonly address: string };
  readonly namespace: string;
}

/**
 * Address, TLS, credentials and namespace, from the standard `TEMPORAL_*` variables or a profile file; where nothing says
 * otherwise the local server of this configuration.
 */
export const temporalConnection = (
  config: Pick<Config, 'HOST' | 'TEMPORAL_PORT' | 'TEMPORAL_ADDRESS'>,
): TemporalConnection => {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return {
    connectionOptions: {
      ...connectionOptions,
      address: config.TEMPORAL_ADDRESS ?? connectionOptions.address ?? `${config.HOST}:${config.TEMPORAL_PORT}`,
    },
    namespace: namespace ?? 'default',
  };
};
