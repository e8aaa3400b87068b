import { z } from 'zod';
import { action, participant } from '../packages/contracts/src/define.ts';
import {
  external,
  migrateParticipant,
  participantRoutes,
  type Done,
  type Outside,
  type Tx,
} from '../packages/participant/src/index.ts';
import { createHttpApp } from '../packages/runtime/src/http/app.ts';
import { serve } from '../packages/runtime/src/http/serve.ts';
import { createLog } from '../packages/runtime/src/log.ts';
import { createPool } from '../packages/participant/src/database/postgres.ts';

const Points = z.object({ member: z.string(), points: z.int() });
type Points = z.infer<typeof Points>;
type NoSuchMember = Outside<'no-such-member'>;

/** A small participant in front of a legacy system that knows no keys (docs/outsiders.md). */
export const points = participant({
  earn: action({
    route: 'POST /earnings',
    input: Points,
    output: z.object({ said: z.string() }),
    refusals: { 'no-such-member': { when: 'nobody has that number' } },
    undo: 'take points back',
    example: { input: { member: 'm-1', points: 300 }, output: { said: 'OK 300' } },
  }),
});

export const startPointsAdapter = async (databaseUrl: string, legacyUrl: string) => {
  const log = createLog('points', 'silent');
  const pool = createPool(databaseUrl, log);
  await migrateParticipant(pool);
  const app = createHttpApp({ log, maxBodyBytes: 100_000, ready: async () => undefined });
  const ask = async (path: string, request: unknown, { signal, refuse }: NoSuchMember): Promise<string> => {
    const answer = await fetch(legacyUrl + path, { method: 'POST', body: JSON.stringify(request), signal });
    if (answer.status === 404) throw refuse('no-such-member', await answer.text());
    if (!answer.ok) throw new Error(`the legacy system answered ${answer.status}`);
    return answer.text();
  };
  participantRoutes(app, {
    contract: points,
    pool,
    log,
    handlers: {
      earn: {
        do: external({
          repeatable: false,
          prepare: async (_: Tx, input: Points) => input,
          call: (request, outside: NoSuchMember) => ask('/points/add', request, outside),
          record: async (_, { result }) => ({ said: result }),
        }),
        undo: external({
          repeatable: false,
          prepare: async (_: Tx, { input }: Done<Points, { said: string }>) => input,
          call: (request, outside: NoSuchMember) => ask('/points/take', request, outside),
          record: async () => {},
        }),
      },
    },
  });
  const server = await serve(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${server.port}`,
    close: async () => {
      await server.close();
      await pool.end();
    },
  };
};
