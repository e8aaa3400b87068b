import type { SealedOperation } from '../../contracts/service-call.ts';
import { callSeal } from './call-service.ts';
import type { SagaRun } from './saga-run.ts';

/** A participant that is being sealed. `tried` resolves when it is sealed or parked, `sealed` when it is sealed. */
export interface Sealing {
  readonly service: string;
  readonly tried: Promise<unknown>;
  readonly sealed: Promise<readonly SealedOperation[]>;
}

/** Seals one participant; when it cannot be reached, parks as `seal:<service>` and is repeated on retry (S6). */
export const sealParticipant = (run: SagaRun, service: string): Sealing => {
  const first = callSeal<readonly SealedOperation[]>(run, service);
  const untilSealed = async (): Promise<readonly SealedOperation[]> => {
    for (let outcome = await first; ; outcome = await callSeal<readonly SealedOperation[]>(run, service)) {
      if (outcome.kind === 'done') return outcome.answer;
      const attempt = outcome.kind === 'cancelled' ? 0 : outcome.attempt;
      await run.park(`seal:${service}`, outcome.kind === 'cancelled' ? 'cancelled' : outcome.message, attempt);
    }
  };
  return { service, tried: first, sealed: untilSealed() };
};
