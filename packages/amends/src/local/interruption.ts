/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP, and when whoever reads our output is gone (`npm start | head`); later ones do nothing
 * more, so that a second Ctrl-C does not break what the first began. Output that cannot be written for another reason, a full disk, is lost.
 */
export const interruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') controller.abort();
    });
  }
  return controller.signal;
};
