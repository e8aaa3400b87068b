// A till in a process of its own, which kills itself (SIGKILL) when so many keys have each passed a point for the nth time; each
// waits there. Arguments: <database> <provider> <point> <n> <keys>
import type { CrashPoint } from '../packages/participant/src/index.ts';
import { startTill } from './till.ts';

const [, , database = '', provider = '', point = '', times = '1', keys = '1'] = process.argv;
const passed = new Map<string, number>();
const waiting = new Set<string>();

const at = async (here: CrashPoint, key: string): Promise<void> => {
  if (here !== point) return;
  passed.set(key, (passed.get(key) ?? 0) + 1);
  if (passed.get(key) !== Number(times)) return;
  waiting.add(key);
  if (waiting.size === Number(keys)) process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
};

const { url } = await startTill(database, provider, { leaseMarginMs: 0, limitMs: 1_000, at });
console.log(url);
