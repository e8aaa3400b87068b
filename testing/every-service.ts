import type { Action, ServiceKind } from '../packages/contracts/src/define.ts';
import * as contracts from '../contracts/services.ts';

interface AnyService {
  readonly kind: ServiceKind;
  readonly actions: Readonly<Record<string, Action>>;
}

/** The contracts of every service, by name, for whoever goes through all of them. */
export const services: Readonly<Record<string, AnyService | undefined>> = contracts;
