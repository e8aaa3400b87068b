import type { NativeConnection } from '@temporalio/worker';
import { EVENTS_MAX_AGE_DAYS, PURGE_LIMIT_DAYS, RETENTION_DAYS } from '@amends/contracts/internal';
import { ConfigError, type Log } from '@amends/runtime/internal';
import { isDenied } from './denied.ts';

const DAY_S = 86_400;
/** As the server's protocol numbers it. */
const TYPES = { Keyword: 2, Datetime: 6 } as const;
/** As gRPC numbers it. */
const NOT_FOUND = 5;

/** The search attributes by which sagas are found. */
const ATTRIBUTES = {
  SagaStatus: 'Keyword',
  SagaKey: 'Keyword',
  SagaStep: 'Keyword',
  SagaStartedAt: 'Datetime',
} as const;
type Attribute = keyof typeof ATTRIBUTES;
const NAMES = Object.keys(ATTRIBUTES) as readonly Attribute[];

/**
 * Gives the namespace the search attributes and the retention that sagas need; harmless when it has them. A longer retention is
 * kept while it is below the purge limit (E2).
 *
 * @throws ConfigError what repeating cannot mend: an attribute may not be added, or one of that name has another type (the server would
 *   take our registration without a word, and find nothing), or the retention breaks the order and may not be set
 */
export const prepareNamespace = async (connection: NativeConnection, namespace: string, log: Log): Promise<void> => {
  const { customAttributes } = await connection.operatorService
    .listSearchAttributes({ namespace })
    .catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== NOT_FOUND) throw error;
      throw new Error(`Temporal has no namespace ${namespace}: create it, or name another by TEMPORAL_NAMESPACE`, {
        cause: error,
      });
    });
  for (const name of NAMES) {
    const type = customAttributes[name];
    if (type !== undefined && type !== null && (type as number) !== TYPES[ATTRIBUTES[name]]) {
      throw new ConfigError(
        `The search attribute ${name} of namespace ${namespace} is no ${ATTRIBUTES[name]}: rename or remove it.`,
      );
    }
  }
  const missing = NAMES.filter((name) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    await addAttributes(connection, namespace, missing);
    log.info({ attributes: missing }, 'search attributes registered');
  }
  await setRetention(connection, namespace, log);
};

const addAttributes = async (
  connection: NativeConnection,
  namespace: string,
  names: readonly Attribute[],
): Promise<void> => {
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(names.map((name) => [name, TYPES[ATTRIBUTES[name]]])),
    });
  } catch (error) {
    if (!isDenied(error)) throw error;
    throw new ConfigError(
      `Namespace ${namespace} lacks the search attributes ${names.join(', ')}, and they may not be added from here: add them (${names.map((name) => ATTRIBUTES[name]).join(', ')}).`,
      { cause: error },
    );
  }
};

const setRetention = async (connection: NativeConnection, namespace: string, log: Log): Promise<void> => {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_S;
  if (days >= PURGE_LIMIT_DAYS) {
    const why = `services forget a saga's operations after ${PURGE_LIMIT_DAYS}, and could not undo what Temporal still shows`;
    throw new ConfigError(
      `Namespace ${namespace} keeps closed sagas for ${days} days, but ${why}: set its retention below ${PURGE_LIMIT_DAYS} days.`,
    );
  }
  if (days >= RETENTION_DAYS) return;
  try {
    await connection.workflowService.updateNamespace({
      namespace,
      // protobuf's encoder takes a plain number where its type says Long
      config: { workflowExecutionRetentionTtl: { seconds: (RETENTION_DAYS * DAY_S) as never } },
    });
    log.info({ days: RETENTION_DAYS }, 'retention set');
  } catch (error) {
    if (!isDenied(error)) throw error;
    const said = `Namespace ${namespace} keeps closed sagas for ${days} days, and may not be changed from here`;
    if (days <= EVENTS_MAX_AGE_DAYS) {
      throw new ConfigError(
        `${said}: an event of up to ${EVENTS_MAX_AGE_DAYS} days could start its saga twice. Set its retention to ${RETENTION_DAYS} days.`,
      );
    }
    log.warn(`${said}: repeats of a start are told for as long, not for ${RETENTION_DAYS} days`);
  }
};
