import { mkdir, open, rm, type FileHandle, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** It holds card tokens and amounts. */
const OWNER_ALONE = 0o600;

/** Append-only lines of JSON that outlive a SIGKILL and a power cut. */
export interface Journal {
  /**
   * Resolves when the entry is on the disk; entries that come at the same time share one flush. Kept in the order of the calls.
   * After one that fails all fail: what is on the disk is known again only when the journal is opened anew.
   */
  readonly append: (entry: unknown) => Promise<void>;
  /** Resolves with the reason when an entry has failed. */
  readonly broken: Promise<unknown>;
  /** Throws when there is no space for an entry. */
  readonly checkSpace: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a journal, made when missing, and hands every entry that it holds to `replay`, in order. A last line that was cut off in
 * the middle was never answered for, and is removed. Only its owner can read it.
 *
 * @throws Error when another line is broken
 */
export const openJournal = async (path: string, replay: (entry: unknown) => void): Promise<Journal> => {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+', OWNER_ALONE);
  try {
    // one that is there already may be open to others
    await file.chmod(OWNER_ALONE);
    const text = await file.readFile('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    await file.truncate(Buffer.byteLength(whole));
    for (const line of whole.split('\n').slice(0, -1)) replay(JSON.parse(line));
    return journalOn(file, `${path}.space`);
  } catch (error) {
    await file.close();
    throw error;
  }
};

interface Waiting {
  readonly line: string;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

const SPACE = Buffer.alloc(64 * 1024);

const journalOn = (file: FileHandle, trial: string): Journal => {
  let queue: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let broken: unknown;
  let breaks: (error: unknown) => void = () => {};
  const whenBroken = new Promise((resolve) => (breaks = resolve));
  const write = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        if (broken !== undefined) throw broken;
        await file.appendFile(batch.map(({ line }) => line).join(''));
        await file.datasync();
        for (const { written } of batch) written();
      } catch (error) {
        broken = error;
        breaks(error);
        for (const { failed } of batch) failed(error);
      }
    }
    writing = undefined;
  };
  return {
    append: (entry) =>
      new Promise((written, failed) => {
        queue.push({ line: `${JSON.stringify(entry)}\n`, written, failed });
        writing ??= write();
      }),
    broken: whenBroken,
    checkSpace: async () => {
      try {
        await writeFile(trial, SPACE, { mode: 0o600 });
      } finally {
        await rm(trial, { force: true });
      }
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
};
