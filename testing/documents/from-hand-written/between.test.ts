import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseOperationKey } from '@amends/participant';
import { createActivities } from './between/activities.ts';

const asked: { url: string | undefined; key: string | undefined }[] = [];
const service = createServer((request, response) => {
  asked.push({ url: request.url, key: request.headers['idempotency-key']?.toString() });
  response.setHeader('content-type', 'application/json').end('{"carId":"c-1"}');
});

beforeAll(() => new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise<void>((resolve) => void service.close(() => resolve())));

it('the hand-written saga sends keys as the protocol has them, the same for an action and its undo', async () => {
  const { port } = service.address() as AddressInfo;
  const { reserveCar, returnCar } = createActivities({ cars: `http://127.0.0.1:${port}` });
  const run = { saga: 'byHand:h-1', startedAt: '2026-01-01T00:00:00.000Z' };
  const holiday = {
    bookingId: 'h-1',
    customer: 'A. Person',
    hotel: 'Harbour',
    nights: 7,
    price: 90_000,
    card: 'tok_1',
  };
  expect(await reserveCar(run, holiday)).toEqual({ carId: 'c-1' });
  await returnCar(run);
  expect(asked.map(({ url }) => url)).toEqual(['/cars', '/saga-operations/undo']);
  for (const { key = '' } of asked)
    expect(parseOperationKey(key)).toMatchObject({ saga: 'byHand:h-1', step: 'reserveCar' });
});
