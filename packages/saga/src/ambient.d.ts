// What a flow cannot name, in sentences: the compiler shows them (S19). In a saga the time is saga.startedAt, for a re-run must send the
// same bodies. `symbol` fits neither numbers, strings nor templates.
interface NoClock {
  readonly 'a saga knows no clock: use saga.startedAt': symbol;
}
interface DateConstructor {
  now(): symbol & { readonly 'a saga knows no clock: use saga.startedAt': never };
  new (): NoClock;
  (): symbol & { readonly 'a saga knows no clock: use saga.startedAt': never };
}
interface Math {
  random(): symbol & { readonly 'a saga throws no dice: a re-run must do the same': never };
}
declare function fetch(no: 'a saga has no network: its steps call services', ...rest: unknown[]): never;
declare const process: {
  readonly 'a saga knows no process and no environment: hand it over in the input of the saga': never;
};
declare const console: { readonly 'a saga has no console: what it does is in its history': never };
declare const crypto: { readonly 'a saga throws no dice: a re-run must do the same': never };
