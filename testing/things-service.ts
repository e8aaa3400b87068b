import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { z } from 'zod';
import { callService, type Wiring } from '../packages/worker/src/activities/call-service.ts';
import { action, participant } from '../packages/contracts/src/define.ts';
import type { ServiceAnswer, ServiceCall } from '../packages/contracts/src/service-call.ts';

/** A participant of one action, for tests of how services are called. */
export const things = participant({
  make: action({
    route: 'POST /things/{thingId}',
    input: z.object({ thingId: z.string() }),
    output: z.object({ made: z.boolean(), of: z.string().optional() }),
    undo: 'unmake',
    example: { input: { thingId: 't-1' }, output: { made: true } },
  }),
});

export const makeThing: ServiceCall = {
  op: 'do',
  service: 'things',
  action: 'make',
  key: 'makeThing:t-1/make',
  startedAt: '2026-01-01T00:00:00.000Z',
  input: { thingId: 'a/b' },
  attemptsBefore: 0,
};

/** What a participant answers of the operation that makes the thing. */
export const madeThing = {
  key: makeThing.key,
  saga: 'makeThing:t-1',
  step: 'make',
  instance: null,
  action: 'make',
  state: 'done',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:00.000Z',
  answer: null,
};

/** A real HTTP server; what it does is the test's. */
export const serveThings = async (listener: RequestListener): Promise<{ url: string; close: () => void }> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

export type AttemptInfo = Partial<MockActivityEnvironment['context']['info']>;

/** One attempt of a call, outside of a worker, and the details of its heartbeats. */
export const oneAttempt = (
  activity: ReturnType<typeof callService>,
  call: ServiceCall,
  info: AttemptInfo = {},
): { ended: Promise<ServiceAnswer>; environment: MockActivityEnvironment; beats: readonly unknown[] } => {
  const environment = new MockActivityEnvironment(
    { attempt: 1, startToCloseTimeoutMs: 5_000, scheduleToCloseTimeoutMs: 60_000, ...info },
    { logger: new DefaultLogger('ERROR') },
  );
  const beats: unknown[] = [];
  environment.on('heartbeat', (details) => beats.push(details));
  return { ended: environment.run(activity, call), environment, beats };
};

/** The activity against a real HTTP server, one attempt of which is asked for. */
export const askThings = async (
  listener: RequestListener,
  call: ServiceCall = makeThing,
  info: AttemptInfo = {},
): Promise<ServiceAnswer> => {
  const { url, close } = await serveThings(listener);
  try {
    return await oneAttempt(callService(wiringOf(url)), call, info).ended;
  } finally {
    close();
  }
};

export const wiringOf = (url: string, more: Partial<Wiring> = {}): Wiring => ({
  contracts: { things },
  urls: { things: url },
  ...more,
});
