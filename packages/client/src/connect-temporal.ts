import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { Config } from '@amends/runtime/internal';
import { temporalConnection } from './temporal.ts';

/** About one second of the SDK's own retries: who is told 503 repeats it anyway. */
const ATTEMPTS = 4;
/** gRPC would wait up to two minutes before it tries a server again that was away for long. */
const LONGEST_RECONNECT_WAIT_MS = 2_000;

/** A client of Temporal that need not be there yet: calls fail within a second or so until it is. Close its `connection`. */
export const connectTemporal = (config: Config): Client => {
  const { connectionOptions, namespace } = temporalConnection(config);
  const connection = Connection.lazy({
    ...connectionOptions,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS }))],
    channelArgs: { 'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_WAIT_MS },
  });
  return new Client({ connection, namespace });
};
