import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Structured logs on the standard output: a constant message and keys, a line each, with the time in UTC. */
export function openLog(program: string, level = 'info'): Log {
  // Synchronous: a program that ends or is killed must not lose its last words.
  return pino({ base: { program }, level, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    pino.destination({ dest: 1, sync: true }));
}
