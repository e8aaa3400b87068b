import { collectDefaultMetrics, Registry } from 'prom-client';

/** The figures of one process, for `GET /metrics`: its own (memory, event loop, garbage collection), and what its parts register. */
export const createMetrics = (): Registry => {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return metrics;
};
