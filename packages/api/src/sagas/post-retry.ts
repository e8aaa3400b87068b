import type { Hono } from 'hono';
import { z } from 'zod';
import { retryStep } from '@amends/client/internal';
import { readBody } from '@amends/runtime/internal';
import { ANONYMOUS } from './actor.ts';
import { answerAct } from './answer-act.ts';
import { Reason } from './reason.ts';
import type { SagaTemporal } from '@amends/client/internal';

const Body = Reason.extend({ input: z.unknown().optional() });

/** `POST /sagas/{id}/steps/{step}/retry` `{reason, input?}`: tries a parked step again, also with a corrected input. */
export const postRetry = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  app.post('/sagas/:id/steps/:step/retry', async (c) => {
    const request = { ...(await readBody(c, Body)), actor: ANONYMOUS, step: c.req.param('step') };
    return answerAct(c, (guarded) => retryStep(temporal, { ...guarded, request }));
  });
};
