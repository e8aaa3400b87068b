import type { Hono } from 'hono';
import { z } from 'zod';
import { approveStep } from '@amends/client/internal';
import { readBody } from '@amends/runtime/internal';
import { ANONYMOUS } from './actor.ts';
import { answerAct } from './answer-act.ts';
import { Reason } from './reason.ts';
import type { SagaTemporal } from '@amends/client/internal';

const Body = Reason.extend({ decision: z.enum(['approved', 'denied']) });

/** `POST /sagas/{id}/approvals/{name}` `{decision, reason}`: a person's answer to an approval, once, also before the saga waits for it. */
export const postApproval = (app: Hono, { temporal }: { temporal: SagaTemporal }): void => {
  app.post('/sagas/:id/approvals/:name', async (c) => {
    const request = { ...(await readBody(c, Body)), actor: ANONYMOUS, name: c.req.param('name') };
    return answerAct(c, (guarded) => approveStep(temporal, { ...guarded, request }));
  });
};
