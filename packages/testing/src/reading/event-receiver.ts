import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Event {
  readonly id: string;
  readonly type: string;
}
export type Answer = readonly [status: number, body?: string];

/** Somebody at `POST /events` whose answers a test decides; what it took, in order. */
export interface Receiver {
  readonly url: string;
  readonly took: string[];
  /** What it was sent, in order, repeats included. */
  readonly asked: string[];
  /** The names of all headers it was sent, and the values of some. */
  readonly headers: string[];
  /** What it answers; 202 until a test says otherwise. */
  answer: (event: Event) => Answer;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

export const startReceiver = async (): Promise<Receiver> => {
  let server: Server;
  let port = 0;
  const receiver: Receiver = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    took: [],
    asked: [],
    headers: [],
    answer: () => [202],
    start: async () => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const event = JSON.parse(Buffer.concat(chunks).toString()) as Event;
          receiver.asked.push(event.id);
          receiver.headers.push(...Object.keys(request.headers), `${request.method} ${request.url}`);
          receiver.headers.push(request.headers['content-type'] ?? '', request.headers.authorization ?? '');
          const [status, body = ''] = receiver.answer(event);
          if (status === 202) receiver.took.push(event.id);
          response.writeHead(status, status === 302 ? { location: `${receiver.url}/elsewhere` } : {}).end(body);
        });
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  await receiver.start();
  return receiver;
};
