import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readWhole } from '../packages/testing/src/faults/proxied-request.ts';

/** What befalls a request: lost before it had its effect, or its answer after it; a 503; or a wait, for both and then nothing. */
export type Fate = 'lost' | 'answer-lost' | 'unavailable' | Promise<void>;

/** A provider over real HTTP that holds money, once a key, and lets it go. */
export interface TillProvider {
  readonly url: string;
  /** By hold: the order it is for, and whether it is still held. */
  readonly holds: ReadonlyMap<string, { readonly order: string; held: boolean }>;
  /** Every request that came: its path and its key. */
  readonly seen: readonly { readonly path: string; readonly key: string }[];
  /** What befalls the next requests of that path, in turn; then nothing does. */
  readonly befall: (path: '/holds' | '/voids', ...fates: readonly Fate[]) => void;
  /** Orders it says no to. */
  readonly declined: Set<string>;
  readonly close: () => Promise<void>;
}

export const startTillProvider = async (): Promise<TillProvider> => {
  const holds = new Map<string, { readonly order: string; held: boolean }>();
  const answers = new Map<string, { status: number; body: unknown }>();
  const seen: { path: string; key: string }[] = [];
  const fates = new Map<string, Fate[]>();
  const declined = new Set<string>();

  const effect = (path: string, body: { order?: string; hold?: string }) => {
    if (declined.has(body.order ?? '')) return { status: 402, body: {} };
    if (path === '/holds') {
      const id = `hold-${holds.size + 1}`;
      holds.set(id, { order: body.order ?? '', held: true });
      return { status: 200, body: { id } };
    }
    const hold = holds.get(body.hold ?? '');
    if (hold === undefined || declined.has(`void ${hold.order}`)) return { status: 402, body: {} };
    hold.held = false;
    return { status: 200, body: {} };
  };
  const answer = (outgoing: ServerResponse, { status, body }: { status: number; body: unknown }): void => {
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { body } = await readWhole(incoming);
      const path = incoming.url ?? '';
      const key = String(incoming.headers['till-key']);
      seen.push({ path, key });
      const fate = fates.get(path)?.shift();
      if (fate === 'lost') return outgoing.destroy();
      if (fate === 'unavailable') return answer(outgoing, { status: 503, body: {} });
      const known = answers.get(key) ?? effect(path, JSON.parse(String(body)) as { order?: string; hold?: string });
      answers.set(key, known);
      if (fate === 'answer-lost') return outgoing.destroy();
      if (fate !== undefined) await fate;
      return answer(outgoing, known);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holds,
    seen,
    declined,
    befall: (path, ...more) => fates.set(path, [...(fates.get(path) ?? []), ...more]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
