import type { Hono } from 'hono';
import { GivenKey, isUnavailable } from '@amends/contracts/internal';
import type { Trigger } from '@amends/contracts';
import { startSaga } from '@amends/client/internal';
import { readBody } from '@amends/runtime/internal';
import type { TimesTable } from '@amends/runtime/internal';
import { etagOf } from './etag.ts';
import { preferredWait } from './prefer.ts';
import { fail, RETRY_AFTER } from '../problems.ts';
import { viewAfterStart } from './view-after-start.ts';
import type { SagaTemporal } from '@amends/client/internal';

const TRIGGER: Trigger = { kind: 'http', id: null, type: null, source: null };

/**
 * `POST /sagas/{saga}`: starts a saga, once a business key; answers 202, or 200 when it has closed. `Prefer: wait=N` waits
 * for that. Once Temporal has the saga, every answer says where it is.
 */
export const postSaga = (app: Hono, { temporal, times }: { temporal: SagaTemporal; times: TimesTable }): void => {
  app.post('/sagas/:saga', async (c) => {
    const saga = c.req.param('saga');
    const contract = temporal.sagas.contractOf(saga);
    if (!contract || contract.startedBy === 'sagas') {
      throw fail('not-found', { detail: `there is no saga called ${saga} that is started from outside` });
    }
    const input = await readBody(c, contract.input);
    const key = GivenKey.safeParse(contract.key(input));
    if (!key.success)
      throw fail('invalid', { errors: key.error.issues.map(({ message }) => ({ path: 'key', message })) });

    const started = await startSaga(temporal, { saga, input, trigger: TRIGGER, times });
    const location = `/sagas/${started.id}`;
    if (started.outcome === 'conflict') {
      throw fail('conflict', { detail: `${started.id} was started with another input`, headers: { location } });
    }
    const wait = preferredWait(c.req.header('prefer'));
    const view = await viewAfterStart(temporal, { started, input, wait }).catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      throw fail('unavailable', {
        detail: `${started.id} has started; ${error.message}`,
        headers: { location, ...RETRY_AFTER },
      });
    });
    if (!view) throw fail('not-found', { detail: `${started.id} is past retention` });
    c.header('Location', location);
    c.header('ETag', etagOf(view));
    if (started.outcome === 'duplicate') c.header('Idempotent-Replayed', 'true');
    if (wait !== undefined) c.header('Preference-Applied', `wait=${wait}`);
    return c.json(view, view.closedAt === null ? 202 : 200);
  });
};
