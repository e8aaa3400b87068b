import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What befalls a request on its way: `down`: 503 before the service sees it; `cut`: the connection breaks before the service sees it;
 * `answer-lost`: the service does it, and its answer is cut; `garbled`: the answer is no JSON; `late`: it reaches the service only after
 * `delayMs`.
 */
export type Fault = 'down' | 'cut' | 'answer-lost' | 'garbled' | 'late';

/** Which requests a fault strikes. `op`: `do`, `undo`, `settle`, `seal`; `step` as in the key; `times`: how often, for ever by default. */
export interface FaultRule {
  readonly fault: Fault;
  readonly saga: string;
  readonly op: 'do' | 'undo' | 'settle' | 'seal';
  readonly step?: string;
  readonly times?: number;
  readonly delayMs?: number;
}

export interface Sighting {
  readonly op: string;
  readonly key: string;
  readonly at: number;
}

/** A real HTTP proxy in front of a service, whose faults are decided by saga, step, operation and count, never by timing. */
export interface FaultProxy {
  readonly url: string;
  /** Adds a rule; the answer tells how often it has struck and lifts it. */
  readonly strike: (rule: FaultRule) => { readonly struck: () => number; readonly lift: () => void };
  /** Every request that came, in order. */
  readonly seen: readonly Sighting[];
  readonly close: () => Promise<void>;
}

interface Armed {
  readonly rule: FaultRule;
  struck: number;
  lifted: boolean;
}

export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  const rules: Armed[] = [];
  const seen: Sighting[] = [];
  const server = createServer((incoming, outgoing) => {
    const op = /^\/saga-operations\/(undo|settle|seal)/.exec(incoming.url ?? '')?.[1] ?? 'do';
    const key = String(incoming.headers['idempotency-key'] ?? '');
    seen.push({ op, key, at: Date.now() });
    const armed = rules.find((one) => strikes(one, op, key));
    if (armed) armed.struck++;
    void befall(armed?.rule, incoming, outgoing, target);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    strike: (rule) => {
      const armed: Armed = { rule, struck: 0, lifted: false };
      rules.push(armed);
      return {
        struck: () => armed.struck,
        lift: () => {
          armed.lifted = true;
        },
      };
    },
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const strikes = ({ rule, struck, lifted }: Armed, op: string, key: string): boolean => {
  if (lifted || rule.op !== op || struck >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
  return op === 'seal' ? key === rule.saga : key === `${rule.saga}/${rule.step}`;
};

const befall = async (
  rule: FaultRule | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: string,
): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (rule?.fault === 'down') {
    outgoing.writeHead(503, { 'content-type': 'application/problem+json' });
    outgoing.end(JSON.stringify({ type: 'urn:amends:unavailable', title: 'The service is down', status: 503 }));
    return;
  }
  if (rule?.fault === 'cut') {
    incoming.socket.destroy();
    return;
  }
  if (rule?.fault === 'late') await new Promise((resolve) => setTimeout(resolve, rule.delayMs ?? 0));
  const upstream = request(
    target + (incoming.url ?? ''),
    { method: incoming.method, headers: { ...incoming.headers, connection: 'close' } },
    (answer) => {
      if (rule?.fault === 'answer-lost') {
        answer.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      if (rule?.fault === 'garbled') {
        answer.resume();
        outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
        outgoing.end('{"half":');
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  upstream.on('error', () => incoming.socket.destroy());
  upstream.end(body);
};
