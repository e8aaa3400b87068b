import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines on standard output, one process each: `{"level":30,"time":…,"process":"api","msg":…}`. */
export const createLog = (process: string, level: string): Log => pino({ level, base: { process } });
