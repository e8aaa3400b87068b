import type { StepView } from '@amends/contracts';
import type { Discharge, StepState } from '@amends/contracts/internal';
import { instant } from './clock.ts';
import { stepId } from '@amends/contracts/protocol';

type Undo = NonNullable<StepView['undo']>;

/** An opened step: what was asked, what came of it, and how it was closed. */
export interface Entry {
  readonly name: string;
  readonly instance: string | null;
  readonly id: string;
  readonly startedAt: string;
  /** Of an outsider's step in a recovery run: what it was asked with died with the killed run. */
  readonly isInputLost: boolean;
  /** The service that has it, when it is known only from there. */
  readonly foundAt: string | null;
  input: unknown;
  output: unknown;
  refusal: { readonly code: string; readonly message: string } | null;
  state: StepState;
  /** In which it was called last; null where nothing was called. */
  lane: StepView['lane'];
  discharge: Discharge | null;
  attempt: number;
  endedAt: string | null;
  error: string | null;
  undo: Undo | null;
  /** Under which of its keys it is asked, from 1. */
  keyNumber: number;
}

/** What an entry says before anything is known of it. */
export const BLANK = {
  instance: null,
  isInputLost: false,
  foundAt: null,
  input: undefined,
  output: undefined,
  refusal: null,
  state: 'pending',
  lane: null,
  discharge: null,
  attempt: 0,
  endedAt: null,
  error: null,
  undo: null,
  keyNumber: 1,
} as const satisfies Partial<Entry>;

/** An entry as a new run gets it: a saga may have thousands. */
export type KeptEntry = Pick<Entry, 'name' | 'startedAt'> & Partial<Omit<Entry, 'id'>>;

type Change = Partial<
  Pick<
    Entry,
    | 'input'
    | 'output'
    | 'refusal'
    | 'state'
    | 'lane'
    | 'discharge'
    | 'attempt'
    | 'endedAt'
    | 'error'
    | 'undo'
    | 'keyNumber'
  >
>;

/**
 * Every step this saga has opened, in the order in which they started. An entry stands before its action is first attempted (S1)
 * and must have exactly one discharge when the saga closes (S12).
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>();
  readonly #changed: () => void;

  /** @param entries of an earlier run */
  constructor(changed: () => void, entries: readonly KeptEntry[] = []) {
    this.#changed = changed;
    for (const kept of entries) {
      const id = stepId(kept.name, kept.instance ?? null);
      this.#entries.set(id, { ...BLANK, ...kept, id });
    }
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  find(name: string, instance: string | null): Entry | undefined {
    return this.#entries.get(stepId(name, instance));
  }

  open(
    name: string,
    instance: string | null,
    input: unknown,
    found?: { at: string; startedAt: string; isInputLost?: boolean },
  ): Entry {
    const id = stepId(name, instance);
    const entry: Entry = {
      ...BLANK,
      name,
      instance,
      id,
      startedAt: found?.startedAt ?? instant(),
      foundAt: found?.at ?? null,
      isInputLost: found?.isInputLost ?? false,
      input,
    };
    this.#entries.set(id, entry);
    this.#changed();
    return entry;
  }

  change(entry: Entry, change: Change): void {
    Object.assign(entry, change);
    this.#changed();
  }

  /** Closes an entry; the first discharge stands. */
  discharge(entry: Entry, discharge: Discharge): void {
    if (entry.discharge === null) this.change(entry, { discharge });
  }

  /** Forgets a step that never began, so that it shows as pending. */
  forget(entry: Entry): void {
    this.#entries.delete(entry.id);
    this.#changed();
  }

  /** The entries that keep the saga from closing. */
  get undischarged(): readonly Entry[] {
    return this.entries.filter(({ discharge }) => discharge === null);
  }
}
