/** What an event causes. `key` is the business key of the saga that it concerns. */
export type TriggerRule<D> =
  | {
      readonly does: 'start';
      readonly saga: string;
      readonly key: (data: D) => string;
      readonly input: (data: D) => unknown;
    }
  | {
      readonly does: 'cancel';
      readonly saga: string;
      readonly key: (data: D) => string;
      readonly reason: (data: D) => string;
    }
  | { readonly does: 'signal'; readonly saga: string; readonly key: (data: D) => string }
  | { readonly does: 'nothing' };
