import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The example in Python as a process of its own. */
export interface LoyaltyPoints {
  readonly url: string;
  /** What it has complained of. */
  readonly complaints: () => string;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** Starts it on a free port, with the database in that file, and waits until it listens. @throws Error when it ends instead */
export const startLoyaltyPoints = async (file: string): Promise<LoyaltyPoints> => {
  // -B: no compiled files beside the example
  const args = ['-B', 'examples/loyalty-points/loyalty.py', '--port', '0', '--file', file];
  const child = spawn('python3', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (text) => (complaints += String(text)));
  const exited = once(child, 'exit');
  const url = await Promise.race([
    urlSaidBy(child),
    exited.then(() => Promise.reject(new Error(`it ended before it listened: ${complaints}`))),
  ]);
  return {
    url,
    complaints: () => complaints,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

const urlSaidBy = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    child.stdout?.on('data', (text) => {
      said += String(text);
      const [url] = /http:\S+(?=\s)/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
