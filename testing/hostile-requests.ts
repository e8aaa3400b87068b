import { exampleOrder } from '../contracts/orders.ts';

/** A request that somebody may send to do harm, and how it is answered. */
export interface HostileRequest {
  readonly what: string;
  /** Method and target, as in a request line. */
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
}

const JSON_BODY = { 'content-type': 'application/json' };
const EVENT = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const A_MEGABYTE = 1_000_000;

const START = 'POST /sagas/fulfilOrder';
const CANCEL = 'POST /sagas/fulfilOrder:nobody/cancel';
const order = (over: object): string => JSON.stringify({ ...exampleOrder, orderId: 'o-hostile', ...over });
const event = (over: object = {}): object => ({
  specversion: '1.0',
  id: 'hostile',
  source: '/hostile',
  type: 'shop.order.placed.v1',
  datacontenttype: 'application/json',
  data: {},
  ...over,
});
const because = (reason: string): string => JSON.stringify({ reason });
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const numbered = (members: number): object =>
  Object.fromEntries(Array.from({ length: members }, (_, n) => [`x${n}`, n]));
const many = (times: number, what: unknown): string => JSON.stringify(Array.from({ length: times }, () => what));
const cancelEvent = (reason: string): string =>
  JSON.stringify(event({ type: 'shop.order.cancel-requested.v1', data: { orderId: 'o-hostile', reason } }));

/** Turns the writing direction, so that what follows is shown backwards. */
const RTL_OVERRIDE = '\u202E';
const ESCAPE = '\u001B[2J';

/** Each kind of hostile input once or more: too much, too deep, too long, forged, of another site, misleading to read. */
export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  {
    what: 'half a million numbers as a batch',
    to: 'POST /events',
    headers: BATCH,
    body: many(500_000, 1),
    status: 413,
  },
  { what: 'a batch of 1,001 events', to: 'POST /events', headers: BATCH, body: many(1_001, event()), status: 413 },
  { what: 'a batch of 1,000 numbers', to: 'POST /events', headers: BATCH, body: many(1_000, 1), status: 422 },
  {
    what: 'a batch of 1,000 events with long ids and types',
    to: 'POST /events',
    headers: BATCH,
    body: many(1_000, { id: 'i'.repeat(400), type: 't'.repeat(400) }),
    status: 422,
  },
  { what: 'a batch that is deep', to: 'POST /events', headers: BATCH, body: deep(A_MEGABYTE / 2), status: 422 },
  {
    what: 'an event whose data is deep',
    to: 'POST /events',
    headers: EVENT,
    body: JSON.stringify(event()).replace('"data":{}', `"data":${deep(7_000)}`),
    status: 422,
  },
  {
    what: 'an event with an id of 900 kB',
    to: 'POST /events',
    headers: EVENT,
    body: JSON.stringify(event({ id: 'x'.repeat(900_000) })),
    status: 422,
  },
  {
    what: 'an event with a type of 900 kB',
    to: 'POST /events',
    headers: EVENT,
    body: JSON.stringify(event({ type: 'x'.repeat(900_000) })),
    status: 422,
  },
  {
    what: 'an event whose address has 60,000 members',
    to: 'POST /events',
    headers: EVENT,
    body: JSON.stringify(event({ data: { shipTo: numbered(60_000) } })),
    status: 422,
  },
  {
    what: 'an event with 60,000 attributes',
    to: 'POST /events',
    headers: EVENT,
    body: JSON.stringify({ ...event(), ...numbered(60_000) }),
    status: 422,
  },
  {
    what: 'control headers of ours',
    to: 'POST /events',
    headers: { ...EVENT, 'Amends-Dead-Body-At': 'NOSUCH 1', 'Amends-Headers-In-Body': '9' },
    body: JSON.stringify(event()),
    status: 422,
  },
  {
    what: 'an event as text',
    to: 'POST /events',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(event()),
    status: 415,
  },
  {
    what: 'an event in XML',
    to: 'POST /events',
    headers: { 'content-type': 'application/cloudevents+xml' },
    body: '<event/>',
    status: 415,
  },
  { what: 'a body over the limit', to: 'POST /events', headers: EVENT, body: 'x'.repeat(3 * A_MEGABYTE), status: 413 },
  {
    what: 'a cancel whose reason reads backwards',
    to: 'POST /events',
    headers: EVENT,
    body: cancelEvent(`${RTL_OVERRIDE}x`),
    status: 422,
  },
  {
    what: 'a cancel whose reason clears a screen',
    to: 'POST /events',
    headers: EVENT,
    body: cancelEvent(`${ESCAPE}x`),
    status: 422,
  },
  {
    what: 'an order as a form',
    to: START,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: order({}),
    status: 415,
  },
  { what: 'an order without a type', to: START, body: order({}), status: 415 },
  { what: 'a deep body', to: START, headers: JSON_BODY, body: deep(A_MEGABYTE / 2), status: 422 },
  {
    what: 'half a JSON text of a megabyte',
    to: START,
    headers: JSON_BODY,
    body: `{"orderId":"${'x'.repeat(A_MEGABYTE)}`,
    status: 400,
  },
  { what: '400,000 lines', to: START, headers: JSON_BODY, body: order({ lines: Array(400_000).fill(1) }), status: 422 },
  {
    what: '9,000 wrong members of an address',
    to: START,
    headers: JSON_BODY,
    body: order({ shipTo: numbered(9_000) }),
    status: 422,
  },
  {
    what: 'a name of 900 kB',
    to: START,
    headers: JSON_BODY,
    body: order({ shipTo: { country: 'DE', ['x'.repeat(900_000)]: 1 } }),
    status: 422,
  },
  {
    what: 'an order id of 900 kB',
    to: START,
    headers: JSON_BODY,
    body: order({ orderId: 'o'.repeat(900_000) }),
    status: 422,
  },
  {
    what: 'an order of which a list is made',
    to: START,
    headers: JSON_BODY,
    body: many(9_000, JSON.parse(order({}))).slice(0, A_MEGABYTE),
    status: 400,
  },
  {
    what: 'an address that reads backwards',
    to: START,
    headers: JSON_BODY,
    body: order({ shipTo: { country: 'DE', street: `${RTL_OVERRIDE}1 elm` } }),
    status: 422,
  },
  {
    what: 'a customer that clears a screen',
    to: START,
    headers: JSON_BODY,
    body: order({ customerId: ESCAPE }),
    status: 422,
  },
  {
    what: 'a saga that only sagas start',
    to: 'POST /sagas/cancelParcels',
    headers: JSON_BODY,
    body: '{}',
    status: 404,
  },
  { what: 'another host', to: START, headers: { ...JSON_BODY, host: 'evil.example' }, body: order({}), status: 421 },
  {
    what: 'a web page',
    to: START,
    headers: { ...JSON_BODY, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    body: order({}),
    status: 403,
  },
  {
    what: 'a proxy',
    to: START,
    headers: { ...JSON_BODY, 'x-forwarded-for': '10.0.0.1' },
    body: order({}),
    status: 403,
  },
  { what: 'a malformed %', to: 'GET /sagas/fulfilOrder:%zz', status: 400 },
  { what: 'a saga id of 10 kB', to: `GET /sagas/${'x'.repeat(10_000)}`, status: 404 },
  { what: 'a filter that is a query', to: `GET /sagas?key=${encodeURIComponent("' OR SagaKey != '")}`, status: 422 },
  {
    what: 'a thousand parameters',
    to: `GET /sagas?${Array.from({ length: 1_000 }, (_, n) => `x${n}=1`).join('&')}`,
    status: 422,
  },
  { what: 'a cursor of nobody', to: `GET /sagas?cursor=${'A'.repeat(10_000)}`, status: 400 },
  { what: 'headers of 100 kB', to: 'GET /sagas', headers: { 'x-long': 'x'.repeat(100_000) }, status: 431 },
  {
    what: 'a key of 10 kB',
    to: 'POST /sagas/fulfilOrder:nobody/steps/shipStock/skip',
    headers: { ...JSON_BODY, 'idempotency-key': 'k'.repeat(10_000) },
    body: because('x'),
    status: 400,
  },
  {
    what: 'a reason that reads backwards',
    to: CANCEL,
    headers: JSON_BODY,
    body: because(`${RTL_OVERRIDE}gpj.exe`),
    status: 422,
  },
  { what: 'a dead letter with an id of 10 kB', to: `DELETE /dead-letters/${'9'.repeat(10_000)}`, status: 404 },
];
