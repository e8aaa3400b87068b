import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { Connection } from '@temporalio/client';
import { connect } from 'node:net';
import { Client } from 'pg';
import type { Config } from '@amends/runtime/internal';
import { temporalConnection } from '@amends/client/internal';
import { StartError } from './start-error.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** As gRPC numbers it. */
const NOT_FOUND = 5;

/** The server answers, but nothing can run on it; the message is a whole sentence. */
class Unfit extends Error {
  override readonly name = 'Unfit';
}

/**
 * Connects once to every server that the configuration names instead of having it started, and sees that it has what is needed.
 *
 * @throws StartError that names every one out of reach or unfit: its variable, its address and why
 */
export const checkGivenServers = async (config: Config): Promise<void> => {
  const { TEMPORAL_ADDRESS, DATABASE_URL, NATS_URL, NATS_IS_GIVEN } = config;
  const complaints = await Promise.all([
    TEMPORAL_ADDRESS === undefined ? [] : complaint('TEMPORAL_ADDRESS', TEMPORAL_ADDRESS, askTemporal(config)),
    DATABASE_URL === undefined ? [] : complaint('DATABASE_URL', hostOf(DATABASE_URL), askPostgres(DATABASE_URL)),
    NATS_IS_GIVEN && NATS_URL !== undefined ? complaint('NATS_URL', hostOf(NATS_URL), askNats(NATS_URL)) : [],
  ]);
  if (complaints.flat().length > 0) throw new StartError(complaints.flat().join('\n'));
};

const complaint = async (variable: string, address: string, asked: Promise<void>): Promise<string[]> => {
  try {
    await asked;
    return [];
  } catch (error) {
    if (error instanceof Unfit) return [error.message];
    return [`${variable} names ${address}, which is out of reach: ${reasonOf(error)}.`];
  }
};

/** Without the password. */
const hostOf = (url: string): string => new URL(url).host;

const askTemporal = async (config: Config): Promise<void> => {
  const { connectionOptions, namespace } = temporalConnection(config);
  try {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_TIMEOUT_MS });
    try {
      await connection.workflowService.describeNamespace({ namespace });
    } catch (error) {
      if ((error as { code?: unknown }).code === NOT_FOUND) {
        throw new Unfit(
          `TEMPORAL_NAMESPACE names ${namespace}, which ${connectionOptions.address} does not have: create it there, or name another.`,
          { cause: error },
        );
      }
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof Unfit) throw error;
    // gRPC says only that its time is over: the socket knows why
    await askSocket(connectionOptions.address);
    throw error;
  }
};

const askSocket = (address: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(`tcp://${address}`);
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port), timeout: CONNECT_TIMEOUT_MS });
    const end = (error?: Error): void => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(new Error(`no answer in ${CONNECT_TIMEOUT_MS / 1_000} s`)));
    socket.once('error', end);
  });

const askPostgres = async (connectionString: string): Promise<void> => {
  const client = new Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => {});
  }
};

const askNats = async (servers: string): Promise<void> => {
  const connection = await connectNats({ servers, timeout: CONNECT_TIMEOUT_MS, reconnect: false });
  try {
    await jetstreamManager(connection);
  } catch (error) {
    if ((error as Error).name !== 'JetStreamNotEnabled' && !/not enabled/.test((error as Error).message)) throw error;
    throw new Unfit(
      `NATS_URL names ${hostOf(servers)}, a server without JetStream: enable JetStream there, or name another.`,
      { cause: error },
    );
  } finally {
    await connection.close();
  }
};

/** A name with several addresses fails with one error for each, and no words of its own. */
const reasonOf = (error: unknown): string => {
  const { message, cause, errors = [] } = error as Error & { errors?: readonly Error[] };
  if (message === '') return errors.map((each) => each.message).join(', ');
  return cause instanceof Error && cause.message !== '' && cause.message !== message
    ? `${message} (${cause.message})`
    : message;
};
