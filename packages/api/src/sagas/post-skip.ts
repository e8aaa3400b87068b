import type { Hono } from 'hono';
import { skipStep } from '@amends/client/internal';
import { readBody } from '@amends/runtime/internal';
import { ANONYMOUS } from './actor.ts';
import { answerAct } from './answer-act.ts';
import { Reason } from './reason.ts';
import type { SagaTemporal } from '@amends/client/internal';

/** `POST /sagas/{id}/steps/{step}/skip` `{reason}`: goes on without a parked step. */
export const postSkip = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  app.post('/sagas/:id/steps/:step/skip', async (c) => {
    const request = { ...(await readBody(c, Reason)), actor: ANONYMOUS, step: c.req.param('step') };
    return answerAct(c, (guarded) => skipStep(temporal, { ...guarded, request }));
  });
};
