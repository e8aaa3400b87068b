import type { Action } from '../contracts/define.ts';
import * as contracts from '../contracts/services.ts';

/** The contracts of every service, by name, for whoever goes through all of them. */
export const services: Readonly<Record<string, { readonly actions: Readonly<Record<string, Action>> } | undefined>> =
  contracts;
