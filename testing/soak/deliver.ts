import { CloudEvent, HTTP } from 'cloudevents';
import { z } from 'zod';
import { sagaId } from '../../packages/contracts/src/protocol/keys.ts';
import { fingerprint } from '../../packages/runtime/src/fingerprint.ts';
import { persist } from './persist.ts';
import { digestOf, POISON } from './poison.ts';
import type { RawPublisher } from './publish.ts';
import { post, type HttpAnswer } from './send-over-http.ts';
import type { Sending } from './sending.ts';
import type { SentBook } from './sent-book.ts';
import { binary, SOURCE, structured, type PlainEvent } from './wire.ts';

const REASON = 'soak: changed my mind';
const JSON_HEADERS = { 'content-type': 'application/json' };

export interface Means {
  readonly urls: { readonly api: string; readonly orders: string };
  readonly publisher: RawPublisher;
  readonly book: SentBook;
  readonly signal: AbortSignal;
}

type What = Sending['what'];
type Of<W extends What> = Extract<Sending, { what: W }>;

/** Brings one event in by its way, however often that takes, and writes down what must come of it. @throws Error when aborted */
export const deliver = async (sending: Sending, place: number, means: Means): Promise<void> => {
  const { counts, wrong } = means.book;
  try {
    await (deliveries[sending.what] as Delivery<What>)(sending, place, means);
    counts.sent += 1;
    if (sending.again) counts.again += 1;
    if ('early' in sending && sending.early && !sending.again) counts.early += 1;
  } catch (error) {
    if (means.signal.aborted) throw error;
    wrong.push((error as Error).message);
  }
};

type Delivery<W extends What> = (sending: Of<W>, place: number, means: Means) => Promise<void>;

const deliveries: { readonly [W in What]: Delivery<W> } = {
  order: async (sending, place, means) => {
    const { id, order, end } = sending;
    if (sending.way === 'orders') {
      const status = await asked(id, `${means.urls.orders}/orders`, order, means);
      expectStatus(id, status, [200, 201]);
    } else {
      await direct(sending, place, { type: 'shop.order.placed.v1', subject: order.orderId, data: order }, means);
    }
    means.book.sagas.set(sagaId('fulfilOrder', order.orderId), { fingerprint: fingerprint(order), end });
  },

  return: async (sending, place, means) => {
    const { request } = sending;
    await direct(sending, place, { type: 'shop.return.requested.v1', subject: request.orderId, data: request }, means);
    means.book.sagas.set(sagaId('returnOrder', request.orderId), { fingerprint: fingerprint(request), end: 'open' });
  },

  cancel: async (sending, place, means) => {
    const { id, orderId } = sending;
    let told: Told = null;
    if (sending.way === 'orders') {
      const status = await asked(id, `${means.urls.orders}/orders/${orderId}/cancel`, { reason: REASON }, means);
      expectStatus(id, status, [202, 409]);
      if (status === 409) told = 'late';
    } else {
      const data = { orderId, reason: REASON };
      told = await direct(sending, place, { type: 'shop.order.cancel-requested.v1', subject: orderId, data }, means);
    }
    const saga = sagaId('fulfilOrder', orderId);
    const wasLate = means.book.cancels.get(saga)?.late === true;
    means.book.cancels.set(saga, { late: wasLate || told === 'late' });
  },

  received: async (sending, place, means) => {
    const { id, parcel } = sending;
    await direct(sending, place, { type: 'shop.return.received.v1', subject: parcel.orderId, data: parcel }, means);
    means.book.told.set(sagaId('returnOrder', parcel.orderId), id);
  },

  poison: async ({ id, kind, order, way }, place, { book, urls, publisher, signal }) => {
    const means = { book, urls, publisher, signal };
    const { make, reason, told } = POISON[kind];
    const message = make(id, order);
    if (way.startsWith('http')) {
      const { headers, payload: body } = message;
      const { status } = await repeated(id, () => post(`${urls.api}/events`, { headers, body }), means);
      expectStatus(`${id} (${kind})`, status, told === null ? [] : [told]);
      book.counts.refused += 1;
      return;
    }
    const sequence = await repeated(id, () => publisher.publish(message, `${id}#${place}`), means);
    book.letters.set(sequence, { id: `${id} (${kind})`, reason, digest: digestOf(message.payload) });
  },
};

type Told = 'accepted' | 'late' | null;

/** Past the orders service: to the broker, or to `POST /events` by the official SDK. Answers what the sender was told, where it was. */
const direct = async (
  { id, way }: Sending,
  place: number,
  event: Omit<PlainEvent, 'id'>,
  means: Means,
): Promise<Told> => {
  const { urls, publisher } = means;
  if (way === 'broker-structured' || way === 'broker-binary') {
    const message = way === 'broker-binary' ? binary({ ...event, id }) : structured({ ...event, id });
    await repeated(id, () => publisher.publish(message, `${id}#${place}`), means);
    return null;
  }
  const made = new CloudEvent({ ...event, id, source: SOURCE, datacontenttype: 'application/json' });
  const { headers, body } = way === 'http-binary' ? HTTP.binary(made) : HTTP.structured(made);
  const request = { headers: headers as Record<string, string>, body: String(body) };
  const answer = await repeated(id, () => post(`${urls.api}/events`, request), means);
  expectStatus(id, answer.status, [202]);
  const [result] = Taken.parse(answer.body).results;
  return result?.outcome === 'late' ? 'late' : 'accepted';
};

const Taken = z.object({
  results: z.array(z.object({ outcome: z.enum(['accepted', 'duplicate', 'late']) })).length(1),
});

const asked = async (id: string, url: string, body: unknown, means: Means): Promise<HttpAnswer['status']> => {
  const request = { headers: JSON_HEADERS, body: JSON.stringify(body) };
  const { status } = await repeated(id, () => post(url, request), means);
  return status;
};

const repeated = <T>(id: string, send: Parameters<typeof persist<T>>[1], { book, signal }: Means): Promise<T> =>
  persist(id, send, { signal, again: () => (book.counts.repeats += 1) });

const expectStatus = (id: string, status: number, wanted: readonly number[]): void => {
  if (!wanted.includes(status)) throw new Error(`${id} was answered ${status}, not ${wanted.join(' or ')}`);
};
