import { setTimeout as sleep } from 'node:timers/promises';
import type { AtPoint, CrashPoint } from '../../packages/participant/src/index.ts';

/** What it is told over its channel, and answers `armed`: at which point of the request with this key who is killed. */
export interface Armed {
  readonly point: CrashPoint;
  /** 2: when the request comes there for the second time. */
  readonly time: number;
  readonly key: string;
  /** How long after; the request goes on meanwhile where another is killed, and where it does not wait for the point. */
  readonly afterMs: number;
  /** The process that is killed; null: this one. */
  readonly victim: number | null;
}

let armed: Armed | undefined;
let passed = 0;
process.on('message', (message) => {
  armed = message as Armed;
  passed = 0;
  process.send?.('armed');
});
process.on('disconnect', () => process.exit(0));

/** Where a request strikes whom it was armed for. */
export const at: AtPoint = async (point, key) => {
  if (armed?.point !== point || armed.key !== key) return;
  passed += 1;
  if (passed !== armed.time) return;
  const { victim, afterMs } = armed;
  armed = undefined;
  const kill = (): boolean => process.kill(victim ?? process.pid, 'SIGKILL');
  if (afterMs === 0) kill();
  else if (victim === null) await sleep(afterMs).then(kill);
  else setTimeout(kill, afterMs);
};
