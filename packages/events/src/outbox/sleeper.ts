/** A sleep of one loop that can be cut short; a `wake` while nobody sleeps cuts the next sleep short. */
export const createSleeper = () => {
  let woken = false;
  let ended = false;
  let rouse: (() => void) | undefined;

  return {
    /** `deaf`: only `end` cuts it short. */
    sleep: (ms: number, { deaf = false } = {}): Promise<void> =>
      new Promise((resolve) => {
        if (ended || (woken && !deaf)) {
          woken = false;
          resolve();
          return;
        }
        const timer = setTimeout(done, ms);
        function done(): void {
          clearTimeout(timer);
          rouse = undefined;
          if (!deaf) woken = false;
          resolve();
        }
        rouse = () => {
          if (ended || !deaf) done();
        };
      }),
    wake: (): void => {
      woken = true;
      rouse?.();
    },
    end: (): void => {
      ended = true;
      rouse?.();
    },
  };
};
