import type { Order } from '../contracts/orders.ts';
import type { SagaStart } from '../packages/contracts/src/saga-start.ts';
import type { Carried } from '../packages/saga/src/run/carried.ts';
import { runSaga } from '../packages/saga/src/run/run-saga.ts';
import type { Definition, SagaFacts } from '../packages/saga/src/author/definition.ts';
import type { Span } from '../packages/saga/src/author/span.ts';
import type { Before } from '../packages/saga/src/author/step-calls.ts';
import type { Steps } from '../packages/saga/src/author/steps.ts';

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
