import type { Action } from '@amends/contracts';
import type { ServiceCall } from '@amends/contracts/internal';
import type { OutsiderCall } from './outsider-call.ts';
import { jsonIn, readAnswer, type Received } from './read-answer.ts';
import { refused, unknown } from './service-failure.ts';

type Asked = Parameters<typeof readAnswer>[1];

/**
 * Reads an outsider's answer: first by its own `readRefusal`, then as any service's, but for a 2xx with a text, which is the value where its
 * contract takes that.
 *
 * @throws ApplicationFailure as `readAnswer` does
 */
export const readOutsider = <T>(
  received: Received,
  asked: Asked & { readonly read: (body: unknown) => T },
  {
    action,
    contract,
    readRefusal,
  }: { action: string; contract: Action | undefined } & Pick<OutsiderCall, 'readRefusal'>,
): T => {
  const { status, body } = received;
  const code = codeIn(
    { action, status, body: jsonIn(body) ?? (body === '' ? null : body) },
    asked.attempt,
    readRefusal,
  );
  if (code === undefined) return readAnswer(received, { ...asked, takesText: true });
  const words = body === '' ? `answered ${status}` : `answered ${status}: ${body}`;
  if (contract !== undefined && Object.hasOwn(contract.refusals, code)) {
    throw refused(asked.attempt, { code, message: words });
  }
  throw unknown(asked.attempt, `readRefusal made ${code} of it, which ${action} has not in its contract: ${words}`);
};

const codeIn = (
  answer: { readonly action: ServiceCall['action']; readonly status: number; readonly body: unknown },
  attempt: number,
  readRefusal: OutsiderCall['readRefusal'],
): string | undefined => {
  try {
    return readRefusal?.(answer);
  } catch (error) {
    throw unknown(attempt, `answered ${answer.status}, and readRefusal broke on it: ${String(error)}`);
  }
};
