import type { SealedOperation } from '@amends/contracts/internal';
import { callSeal } from './call-service.ts';
import { failureOf, type Outcome } from './outcome.ts';
import { TAKES } from './parking.ts';
import type { SagaRun } from './saga-run.ts';

/** What a sealed participant has of the saga: complete, because nothing new can follow. */
export interface Sealed {
  readonly service: string;
  readonly operations: readonly SealedOperation[];
}

/**
 * A participant that is being sealed. `tried` tells whether the first call sealed it; `sealed` resolves once one has. `forget`: nobody needs
 * it sealed any more; resolves when no call is under way.
 */
export interface Sealing {
  readonly service: string;
  readonly tried: Promise<boolean>;
  readonly sealed: Promise<Sealed>;
  readonly forget: () => Promise<void>;
}

/**
 * Seals one participant; when it cannot be reached, parks as `seal:<service>` (S6). An operator who skips or resolves it answers for what it
 * may have that the ledger does not know.
 */
export const sealParticipant = (run: SagaRun, service: string): Sealing => {
  const step = `seal:${service}`;
  const nothing: Sealed = { service, operations: [] };
  let isWanted = true;
  let lastCall: Promise<Outcome<readonly SealedOperation[]>>;
  const call = () => {
    lastCall = run.acts.isSealGivenUp(service)
      ? Promise.resolve({ kind: 'done', answer: [], attempt: 0 })
      : callSeal<readonly SealedOperation[]>(run, service);
    return lastCall;
  };
  const first = call();
  const untilSealed = async (): Promise<Sealed> => {
    for (let outcome = await first; ; outcome = await call()) {
      if (outcome.kind === 'done') return { service, operations: outcome.answer };
      if (!isWanted) return nothing;
      const { message, attempt } = failureOf(outcome);
      const act = await run.park(step, message, attempt, TAKES.seal);
      if (act.action !== 'retry') run.acts.giveUpSeal(service);
    }
  };
  return {
    service,
    tried: first.then(({ kind }) => kind === 'done'),
    sealed: untilSealed(),
    forget: async () => {
      isWanted = false;
      if (run.findParked(step)) run.forgetParked(step);
      await lastCall;
    },
  };
};
