import type { Order } from '../contracts/orders.ts';
import type { SagaStart } from '../contracts/saga-start.ts';
import type { Carried } from '../workflows/saga/carried.ts';
import { runSaga } from '../workflows/saga/run-saga.ts';
import type { Definition, SagaFacts } from '../workflows/saga/definition.ts';
import type { Span } from '../workflows/saga/span.ts';
import type { Before } from '../workflows/saga/step-calls.ts';
import type { Steps } from '../workflows/saga/steps.ts';

/** As `saga` does, for a name that the contracts do not know; its input is an order. */
export const oddSaga = <const S extends Steps>(
  name: string,
  steps: S,
  flow: (order: Order, step: Before<S>, saga: SagaFacts) => Promise<unknown>,
  deadline: Span | null = null,
) => {
  const definition = { name, deadline, steps, flow } as unknown as Definition;
  return (input: Order, start?: SagaStart, carried?: Carried) => runSaga(definition, input, start, carried);
};
