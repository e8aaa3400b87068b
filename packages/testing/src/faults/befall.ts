import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ArmedFault } from './fault-rule.ts';
import { passOn, type ProxiedAnswer, type ProxiedRequest } from './proxied-request.ts';

/** One request at the proxy, and where it was to go. */
interface Passing {
  readonly request: ProxiedRequest;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly target: string;
}

/** Passes a request on as its fault says. A service that breaks the connection breaks the caller's. */
export const befall = async (fault: ArmedFault | undefined, passing: Passing): Promise<void> => {
  const { incoming, outgoing } = passing;
  if (fault !== undefined) {
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) fault.forsake();
    });
  }
  try {
    const answer = await suffer(fault, passing);
    if (answer === null) incoming.socket.destroy();
    else {
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    }
  } catch {
    incoming.socket.destroy();
  }
};

/** What is answered; null: the connection is cut. */
// oxlint-disable-next-line typescript/consistent-return -- every fault returns
const suffer = async (fault: ArmedFault | undefined, { request, target }: Passing): Promise<ProxiedAnswer | null> => {
  if (fault === undefined) return passOn(target, request);
  const ask = async (body = request.body): Promise<ProxiedAnswer> => {
    const answer = await passOn(target, request, body);
    fault.said.push(saidIn(answer));
    return answer;
  };
  const { code = '', delayMs = 0, retryAfterS, rewrite } = fault.rule;
  switch (fault.rule.fault) {
    case 'down':
      return problem(503, 'unavailable', 'The service is down', retryAfterS);
    case 'busy': {
      const busy = problem(503, 'busy', 'The service is busy');
      return { ...busy, headers: { ...busy.headers, 'retry-after': '1' } };
    }
    case 'refused':
      return problem(409, `${fault.rule.op === 'undo' ? 'undo-' : ''}refused:${code}`, `The test refuses with ${code}`);
    case 'cut':
      return null;
    case 'answer-lost':
      await ask();
      return null;
    case 'garbled':
    case 'not-agreed': {
      const { status } = await ask();
      const body = Buffer.from(fault.rule.fault === 'garbled' ? '{"half":' : '{"half":1}');
      return { status, headers: { 'content-type': 'application/json' }, body };
    }
    case 'late':
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return ask();
    case 'held':
      await fault.held();
      return ask();
    case 'held-answer': {
      const answer = await ask();
      await fault.held();
      return answer;
    }
    case 'twice': {
      const [first] = await Promise.all([ask(), ask()]);
      await ask();
      return first;
    }
    case 'rewritten':
      return ask(Buffer.from(JSON.stringify(rewrite?.(JSON.parse(request.body.toString())))));
  }
};

const problem = (status: number, type: string, title: string, retryAfterS?: number): ProxiedAnswer => ({
  status,
  headers: {
    'content-type': 'application/problem+json',
    ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
  },
  body: Buffer.from(JSON.stringify({ type: `urn:amends:${type}`, title, status })),
});

const saidIn = ({ status, body }: ProxiedAnswer): ArmedFault['said'][number] => {
  const text = body.toString();
  try {
    const { type } = JSON.parse(text) as { type?: unknown };
    return { status, type: typeof type === 'string' ? type.replace('urn:amends:', '') : null, body: text };
  } catch {
    return { status, type: null, body: text };
  }
};
