import type { NativeConnection } from '@temporalio/worker';
import type { Log } from '../platform/log.ts';

/** Everything of a closed saga answers this long; a participant keeps its operations longer (P11). */
const RETENTION_SECONDS = 30 * 86_400;
/** As the server's protocol numbers it. */
const KEYWORD = 2;

/** The search attributes by which sagas are found. */
const ATTRIBUTES = ['SagaStatus', 'SagaKey', 'SagaStep'] as const;

/**
 * Gives the namespace the search attributes and the retention that sagas need; harmless when it has them.
 *
 * @throws when an attribute of that name has another type: the server would take our registration without a word, and find nothing
 */
export const prepareNamespace = async (connection: NativeConnection, namespace: string, log: Log): Promise<void> => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  for (const name of ATTRIBUTES) {
    const type = customAttributes[name];
    if (type !== undefined && type !== null && (type as number) !== KEYWORD) {
      throw new Error(`the search attribute ${name} of namespace ${namespace} is no Keyword: rename or remove it`);
    }
  }
  const missing = ATTRIBUTES.filter((name) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    log.info({ attributes: missing }, 'search attributes registered');
  }
  await setRetention(connection, namespace, log);
};

const setRetention = async (connection: NativeConnection, namespace: string, log: Log): Promise<void> => {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) === RETENTION_SECONDS) return;
  await connection.workflowService.updateNamespace({
    namespace,
    // protobuf's encoder takes a plain number where its type says Long
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
  });
  log.info({ seconds: RETENTION_SECONDS }, 'retention set');
};
