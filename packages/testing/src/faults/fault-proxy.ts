import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readWhole } from './proxied-request.ts';
import { ArmedFault, type FaultRule, type Strike } from './fault-rule.ts';
import { befall } from './befall.ts';

export type { FaultRule, Strike } from './fault-rule.ts';

/** One request. `answered`: the proxy has passed its answer on, or given its own. */
export interface Sighting {
  readonly op: string;
  readonly key: string;
  readonly at: number;
  answered: boolean;
}

/** A real HTTP proxy in front of a service, whose faults are decided by saga, step, operation and count, never by timing. */
export interface FaultProxy {
  readonly url: string;
  /** Adds a rule; of several that fit, the first that is not used up strikes. */
  readonly strike: (rule: FaultRule) => Strike;
  /** Every request that came, in order. */
  readonly seen: readonly Sighting[];
  readonly close: () => Promise<void>;
}

export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  const armed: ArmedFault[] = [];
  const seen: Sighting[] = [];
  const server = createServer((incoming, outgoing) => {
    const op = /^\/saga-operations\/(undo|settle|seal)/.exec(incoming.url ?? '')?.[1] ?? 'do';
    const key = String(incoming.headers['idempotency-key'] ?? '');
    const sighting: Sighting = { op, key, at: Date.now(), answered: false };
    seen.push(sighting);
    outgoing.on('finish', () => {
      sighting.answered = true;
    });
    const fault = armed.find((one) => one.fits(op, key));
    if (fault) fault.count++;
    void readWhole(incoming).then((request) => befall(fault, { request, incoming, outgoing, target }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    strike: (rule) => {
      const fault = new ArmedFault(rule);
      armed.push(fault);
      return fault;
    },
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const fault of armed) fault.release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
