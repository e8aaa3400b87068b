// In a saga the time is saga.startedAt: a re-run must send the same bodies (S19). `symbol` fits neither numbers, strings nor templates.
interface NoClock {
  readonly 'a saga knows no clock: use saga.startedAt': symbol;
}
interface DateConstructor {
  now(): symbol;
  new (): NoClock;
  (): symbol;
}
interface Math {
  random(): symbol;
}
