const PAUSE_MS = 100;
const PATIENCE_MS = 60_000;

export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });

/** Resolves once it is so. vitest's own polling knows one test at a time. @throws Error in words when it is not so within a minute */
export const untilSo = async (what: string, so: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + PATIENCE_MS; !(await so()); await pause()) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE_MS / 1_000} s: ${what}`);
  }
};
