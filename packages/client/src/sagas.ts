import type { SagaContract } from '@amends/contracts';
import * as contracts from '../../../contracts/sagas.ts';

// Each contract reads only what its own input schema has parsed, so that `unknown` is safe here.
const sagas = new Map(Object.entries<unknown>({ ...contracts })) as ReadonlyMap<
  string,
  SagaContract<unknown, unknown, string>
>;

/** The contract of the saga of that name; undefined when there is none. */
export const sagaContractOf = (saga: string): SagaContract<unknown, unknown, string> | undefined => sagas.get(saga);
