import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import type { SagaView } from '@amends/contracts';
import { recoveryId, type SagaUpdate } from '@amends/contracts/internal';

const POLL_MS = 50;
const UNTIL_MS = 20_000;

/** A saga that has been started. */
export interface RunningSaga {
  readonly id: string;
  readonly key: string;
  readonly handle: WorkflowHandle;
  readonly view: () => Promise<SagaView>;
  /** Resolves with the view when the saga has closed. */
  readonly closed: () => Promise<SagaView>;
  /** Resolves with the view once it is so; fails after 20 s. */
  readonly until: (so: (view: SagaView) => boolean) => Promise<SagaView>;
  readonly cancel: () => Promise<unknown>;
  readonly retry: (step: string) => Promise<unknown>;
  /** Any Update, as ann. */
  readonly act: (update: SagaUpdate, request: object) => Promise<unknown>;
}

export const runningSaga = (id: string, key: string, handle: WorkflowHandle): RunningSaga => {
  const view = (): Promise<SagaView> => handle.query('view');
  const act = { actor: 'ann', reason: 'a test' };
  return {
    id,
    key,
    handle,
    view,
    closed: async () => {
      try {
        await handle.result();
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
      }
      return view();
    },
    until: async (so) => {
      for (const end = Date.now() + UNTIL_MS; ;) {
        const now = await view();
        if (so(now)) return now;
        if (Date.now() > end) throw new Error(`it never came so: ${JSON.stringify(now, null, 1)}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    cancel: () => handle.executeUpdate('cancel', { args: [act], updateId: 'cancel' }),
    retry: (step) => handle.executeUpdate('retry', { args: [{ ...act, step }], updateId: randomUUID() }),
    act: (update, request) => handle.executeUpdate(update, { args: [{ ...act, ...request }], updateId: randomUUID() }),
  };
};

/** The recovery run of a saga that was killed and swept (S14). */
export const recoveryOf = (
  { client }: { readonly client: Client },
  { id, key }: Pick<RunningSaga, 'id' | 'key'>,
): RunningSaga => runningSaga(id, key, client.workflow.getHandle(recoveryId(id)));
