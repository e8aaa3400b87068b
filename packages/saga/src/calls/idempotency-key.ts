import { stepId } from '@amends/contracts/protocol';

/** A step of a saga, and under which of its keys it is asked: the first is its own, the next ones follow on refusals (S6). */
export interface KeyOf {
  readonly name: string;
  readonly instance: string | null;
  readonly keyNumber: number;
}

/**
 * The key under which a participant knows one step of one saga: `<saga id>/<step>[:<instance>]`, the same in both lanes and in
 * every run. Never the run id: a reset or continue-as-new must not charge twice. A step that was refused and is retried has a next one:
 * `shipStock:~2`, `bookParcel:w-7~2`.
 */
export const idempotencyKey = (sagaId: string, { name, instance, keyNumber }: KeyOf): string =>
  `${sagaId}/${stepId(name, keyNumber === 1 ? instance : `${instance ?? ''}~${keyNumber}`)}`;

/** The inverse, of what a participant lists as the instance: `w-7~2` → `w-7`, 2. No author's instance has a `~`. */
export const readInstance = (listed: string | null): Omit<KeyOf, 'name'> => {
  const [, instance = '', digits] = /^(.*)~(\d+)$/.exec(listed ?? '') ?? [];
  if (digits === undefined) return { instance: listed, keyNumber: 1 };
  return { instance: instance === '' ? null : instance, keyNumber: Number(digits) };
};
