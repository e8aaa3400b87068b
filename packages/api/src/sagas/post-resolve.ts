import type { Hono } from 'hono';
import { z } from 'zod';
import { resolveStep } from '@amends/client/internal';
import { readBody } from '@amends/runtime/internal';
import { ANONYMOUS } from './actor.ts';
import { answerAct } from './answer-act.ts';
import { Reason } from './reason.ts';
import type { SagaTemporal } from '@amends/client/internal';

const Body = Reason.extend({ output: z.unknown().optional(), outcome: z.enum(['done', 'not-done']).exactOptional() });

/** `POST /sagas/{id}/steps/{step}/resolve` `{reason, output?, outcome?}`: a parked step was done by hand; of a pivot, whether it was. */
export const postResolve = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  app.post('/sagas/:id/steps/:step/resolve', async (c) => {
    const request = { ...(await readBody(c, Body)), actor: ANONYMOUS, step: c.req.param('step') };
    return answerAct(c, (guarded) => resolveStep(temporal, { ...guarded, request }));
  });
};
