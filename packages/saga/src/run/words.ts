import { sayable } from '@amends/contracts/protocol';

/** `reserveStock` → `reserve stock`. */
export const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** `undo`, `reserveStock` → `undoReserveStock`. */
export const camel = (first: string, name: string): string => first + name.charAt(0).toUpperCase() + name.slice(1);

/** What was thrown, in words. */
export const messageOf = (error: unknown): string => sayable(error instanceof Error ? error.message : String(error));
