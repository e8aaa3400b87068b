import type { History } from './manifest.ts';

/** A process of a host, a path of the checkout, where something listened, a stack. */
const TRACES = [
  /\b\d+@[\w.-]+/g,
  /[^"\s]*node_modules[^"\s]*/g,
  /\b(?:127\.0\.0\.1|localhost):[1-9]\d*/g,
  /\bat \S+ \(/g,
];

/** What a history tells of the machine it was recorded on, payloads included. */
export const tracesOfMachine = (history: History): readonly string[] => {
  const text = [JSON.stringify(history), ...payloadsIn(history)].join('\n');
  const here = text.includes(process.cwd()) ? [process.cwd()] : [];
  return [...here, ...TRACES.flatMap((trace) => [...text.matchAll(trace)].map(([found]) => found))];
};

const payloadsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'data' in value && typeof value.data === 'string' ? [Buffer.from(value.data, 'base64').toString()] : [];
  return [...own, ...Object.values(value).flatMap(payloadsIn)];
};
