import type * as services from '../contracts/services.ts';
import { participants } from './saga/ports.ts';

/** Every service that a saga can call. */
export const { orders, inventory, payments, shipping, notifications } = participants<typeof services>();
