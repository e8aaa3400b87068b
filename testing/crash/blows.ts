import type { CrashPoint } from '../../packages/participant/src/index.ts';
import { CUTS, type Cut } from './commit-cutter.ts';

/** What is struck in the middle of a request, and where. `time`: 2 is the second time that the request comes there. */
export type Blow =
  | { readonly strikes: 'service' | 'provider'; readonly at: CrashPoint; readonly time: number }
  | { readonly strikes: 'connection'; readonly at: Cut; readonly time: number };

const CALLS: readonly CrashPoint[] = ['calling', 'called'];

/** Every blow at a request that passes these points: SIGKILL at each, of the card provider where it is asked, and each COMMIT cut. */
export const blowsOn = (path: readonly CrashPoint[]): readonly Blow[] =>
  path.flatMap((at, n): Blow[] => {
    const time = path.slice(0, n + 1).filter((point) => point === at).length;
    return [
      { strikes: 'service', at, time },
      ...(CALLS.includes(at) ? [{ strikes: 'provider', at, time } as const] : []),
      ...(at === 'committing' ? CUTS.map((cut) => ({ strikes: 'connection', at: cut, time }) as const) : []),
    ];
  });

export const nameOfBlow = ({ strikes, at, time }: Blow): string => {
  const again = time === 1 ? '' : ` (${time})`;
  if (strikes === 'connection') return `connection cut ${at} COMMIT${again}`;
  return strikes === 'provider' ? `provider killed at ${at}${again}` : `killed at ${at}${again}`;
};
