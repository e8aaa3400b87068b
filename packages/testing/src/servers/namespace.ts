import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { inject } from 'vitest';

const RETENTION = '1 day';
const KEYWORD = 2;
const DATETIME = 6;
/** A new namespace is known to every part of the server only after a moment. */
const KNOWN_WITHIN_MS = 15_000;

/** A namespace of a test file's own on the run's Temporal server, so that its workers meet nobody else's sagas. */
export interface FreshNamespace {
  readonly client: Client;
  readonly namespace: string;
  /** `host:port` of the server. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

export const freshNamespace = async (): Promise<FreshNamespace> => {
  const address = inject('temporalAddress');
  const connection = await Connection.connect({ address });
  const namespace = `test-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs(RETENTION),
  });
  const client = new Client({ connection, namespace });
  const deadline = Date.now() + KNOWN_WITHIN_MS;
  for (;;) {
    try {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: { SagaStatus: KEYWORD, SagaKey: KEYWORD, SagaStep: KEYWORD, SagaStartedAt: DATETIME },
      });
      await client.workflow.count(
        `SagaStatus = 'running' AND SagaKey = 'none' AND SagaStep = 'none' AND SagaStartedAt IS NULL`,
      );
      return { client, namespace, address, close: () => connection.close() };
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};
