import { CancellationScope } from '@temporalio/workflow';
import type { SealedOperation } from '@amends/contracts/internal';
import { callSeal, callSealUntilAnswered } from '../calls/call-service.ts';
import { failureOf, type Failed, type Outcome } from '../calls/outcome.ts';
import { TAKES } from '../messages/parking.ts';
import type { SagaRun } from '../run/saga-run.ts';
import { signal } from '../author/signal.ts';

/** What a sealed participant has of the saga: complete, because nothing new can follow. */
export interface Sealed {
  readonly service: string;
  readonly operations: readonly SealedOperation[];
}

/**
 * A participant that is being sealed. `tried` tells whether the first call sealed it; `slow` resolves when that has left the fast lane;
 * `sealed` once one call has sealed it. `forget`: nobody needs it sealed any more; resolves when no call is under way.
 */
export interface Sealing {
  readonly service: string;
  readonly tried: Promise<Sealed | null>;
  readonly slow: Promise<void>;
  readonly sealed: Promise<Sealed>;
  readonly forget: () => Promise<void>;
}

type Asked = Outcome<readonly SealedOperation[]>;

/**
 * Seals one participant. When that cannot be done in its time it parks as `seal:<service>`, and goes on being asked: nobody need act (S6). An
 * operator who skips or resolves it answers for what it may have that the ledger does not know.
 */
export const sealParticipant = (run: SagaRun, service: string): Sealing => {
  const step = `seal:${service}`;
  const wanted = new CancellationScope({ cancellable: true });
  const { given: slow, give: isSlow } = signal();
  let underWay: Promise<unknown> = Promise.resolve();

  const ask = <T>(call: () => Promise<T>): Promise<T> => {
    const asked = wanted.run(call);
    underWay = asked;
    return asked;
  };
  const call = (): Promise<Asked> =>
    run.acts.isSealGivenUp(service)
      ? Promise.resolve({ kind: 'done', answer: [], attempt: 0 })
      : ask(() => callSeal(run, service, isSlow));

  /** Parked until it is sealed after all, or an operator acts. */
  const parked = async (failed: Failed): Promise<Asked> => {
    const { message, attempt } = failureOf(failed);
    const asking = new CancellationScope({ cancellable: true });
    const asked = ask(() => asking.run(() => callSealUntilAnswered(run, service, attempt)));
    const acted = run.park(step, message, attempt, TAKES.seal);
    const act = await Promise.race([acted, asked.then(() => null)]);
    if (act === null) run.forgetParked(step);
    else asking.cancel();
    const outcome = await asked;
    if (outcome.kind === 'done') return outcome;
    if (act !== null && act.action !== 'retry') run.acts.giveUpSeal(service);
    return call();
  };

  const first = call();
  const untilSealed = async (): Promise<Sealed> => {
    let outcome = await first;
    while (outcome.kind !== 'done' && !wanted.consideredCancelled) outcome = await parked(outcome);
    return sealedBy(outcome) ?? { service, operations: [] };
  };
  const sealedBy = (outcome: Asked): Sealed | null =>
    outcome.kind === 'done' ? { service, operations: outcome.answer } : null;
  return {
    service,
    tried: first.then(sealedBy),
    slow,
    sealed: untilSealed(),
    forget: async () => {
      wanted.cancel();
      await underWay;
      if (run.findParked(step)) run.forgetParked(step);
    },
  };
};
