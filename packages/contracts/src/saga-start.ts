import { z } from 'zod';
import { CarriedEvent } from './carried-event.ts';
import { Trigger } from './saga-view.ts';
import { Instant } from './words.ts';

/** Milliseconds that override a step's defaults. */
const StepTimes = z.object({
  attempt: z.int().positive().optional(),
  budget: z.int().positive().optional(),
  undoBudget: z.int().positive().optional(),
  within: z.int().positive().optional(),
});

const OwnTimes = z.object({
  deadline: z.int().positive().optional(),
  steps: z.record(z.string(), StepTimes),
});

/**
 * What of AMENDS_TIMES concerns one saga, in milliseconds; `steps['*']` holds for every step. `children`: the same for the sagas that it
 * starts; one that is not named there takes its parent's `steps['*']`.
 */
export const SagaTimes = OwnTimes.extend({ children: z.record(z.string(), OwnTimes).optional() });
export type SagaTimes = z.infer<typeof SagaTimes>;

/**
 * The second argument of every saga's workflow, fixed by whoever starts it. `recovers`: this run is `recover:<saga id>`, and undoes what
 * the killed saga of that id left behind (S14); `startedAt`, `trigger` are then the killed saga's, and the first argument is null.
 *
 * `early`: a cancel or an event came before what starts the saga (E4). This run waits `within` milliseconds from `startedAt` for the signal
 * `begin`; `startedAt`, `trigger` are of what came early, and the first argument is null. `cancelled`: the saga was cancelled before it began, by
 * `event` where that was one.
 */
export const SagaStart = z.object({
  startedAt: Instant,
  trigger: Trigger,
  times: SagaTimes,
  recovers: z.string().optional(),
  early: z.object({ within: z.int().positive() }).optional(),
  cancelled: z.object({ actor: z.string(), reason: z.string(), event: CarriedEvent.optional() }).optional(),
});
export type SagaStart = z.infer<typeof SagaStart>;
