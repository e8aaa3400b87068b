import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { boundedLine } from './bounded-line.ts';

export type Log = Logger;

/**
 * JSON lines on standard output, one process each: `{"level":30,"time":…,"process":"api","msg":…}`. A line has at most some 16 kB, whatever
 * somebody has sent: texts, lists and depths are cut, with a mark that says so. Lines that cannot be written (a full disk, a reader that is gone)
 * end no process: a megabyte of them waits until there is space again, and what comes on top is lost.
 */
export const createLog = (process: string, level: string, to: DestinationStream = standardOutput()): Log =>
  pino(
    {
      level,
      base: { process },
      serializers: { err: (error: unknown) => error },
      formatters: { log: (members) => boundedLine(withPlainErrors(members)) },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args;
          if (first instanceof Error) method.apply(this, [{ err: first }, cut(rest[0] ?? first.message)] as never);
          else method.apply(this, args.map(cut) as never);
        },
      },
    },
    to,
  );

const UNWRITTEN_MAX_BYTES = 1_000_000;

const standardOutput = (): DestinationStream => {
  const output = pino.destination({ dest: 1, sync: true, maxLength: UNWRITTEN_MAX_BYTES });
  // it keeps what it could not write, and tries again with the next line
  output.on('error', () => {});
  return output;
};

/** Of a message; what else a line holds is cut where it is written. */
const MESSAGE_MAX_CHARS = 1_000;

const cut = (text: unknown): unknown =>
  typeof text === 'string' && text.length > MESSAGE_MAX_CHARS ? `${text.slice(0, MESSAGE_MAX_CHARS)}…` : text;

const withPlainErrors = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, value instanceof Error ? stdSerializers.err(value) : value]),
  );
