const A_YEAR_MS = 365 * 86_400_000;

/** Runs something at another time and with other dice, as a second run of a flow would find them. For one rehearsal at a time. */
export const elsewhen = async <T>(act: () => Promise<T>): Promise<T> => {
  const { Date: RealDate } = globalThis;
  const { random } = Math;
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(RealDate.now() + A_YEAR_MS).toString(),
    construct: (target, args: []) => (args.length === 0 ? new target(target.now() + A_YEAR_MS) : new target(...args)),
    get: (target, name) => (name === 'now' ? () => target.now() + A_YEAR_MS : (Reflect.get(target, name) as unknown)),
  });
  Math.random = () => (random() + 0.5) % 1;
  try {
    return await act();
  } finally {
    globalThis.Date = RealDate;
    Math.random = random;
  }
};
