/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP; later ones do nothing more, so that a second Ctrl-C does not break what the
 * first began.
 */
export const interruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
};
