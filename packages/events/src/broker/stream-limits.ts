import type { StreamInfo } from '@nats-io/jetstream';
import { Gauge, type Registry } from 'prom-client';

/** From this share of what a stream may hold somebody has to see to it: a full one refuses what is new. */
const NEARLY_FULL = 0.9;

/** How much of what it may hold a stream does, from 0 to 1; 0 where nothing limits it. */
const fullness = ({ config, state }: StreamInfo): number =>
  Math.max(
    config.max_bytes > 0 ? state.bytes / config.max_bytes : 0,
    config.max_msgs > 0 ? state.messages / config.max_msgs : 0,
  );

/** Says which streams are nearly full; undefined when none is. */
export const nearlyFull = (streams: readonly StreamInfo[]): string | undefined => {
  const full = streams.filter((stream) => fullness(stream) >= NEARLY_FULL);
  if (full.length === 0) return undefined;
  const names = full.map((stream) => `${stream.config.name} (${Math.floor(fullness(stream) * 100)} %)`);
  return `NATS: nearly full, and full it refuses what is new: ${names.join(', ')}`;
};

/** Registers how full the streams are, as they were found last. */
export const streamMetrics = (metrics: Registry, streams: () => readonly StreamInfo[]): void => {
  const gauge = new Gauge({
    name: 'amends_stream_used_ratio',
    help: 'How much of what it may hold a stream of the broker does, from 0 to 1; a full one refuses what is new.',
    labelNames: ['stream'],
    registers: [],
    collect() {
      for (const stream of streams()) this.set({ stream: stream.config.name }, fullness(stream));
    },
  });
  metrics.registerMetric(gauge);
};
