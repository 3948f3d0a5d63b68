import { networkInterfaces } from 'node:os';
import { WORKER_SOCKET } from '../contract/constants.js';
import { MyelinError, shown } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';

/** What the environment says of a server. */
export interface ServerSettings {
  /** Path of the socket in the container. */
  readonly socket: string;
  /** Longest prediction in seconds; undefined leaves it to the image's TIMEOUT. */
  readonly timeoutSeconds: number | undefined;
  /** How long it serves after it was asked to end, until nobody sends requests any more. */
  readonly drainSeconds: number;
  readonly maxBodyBytes: number;
  readonly queueLength: number;
  /** Bytes of requests kept for the feedback that may come. */
  readonly feedbackBytes: number;
}

/** Reads MYELIN_SOCKET, MYELIN_PREDICT_TIMEOUT_SECONDS, MYELIN_DRAIN_SECONDS, MYELIN_MAX_BODY_BYTES, MYELIN_QUEUE_LENGTH and MYELIN_FEEDBACK_BYTES. */
export function serverSettings(context: ProgramContext): ServerSettings {
  return {
    socket: context.variable('MYELIN_SOCKET') ?? WORKER_SOCKET,
    timeoutSeconds: number(context, 'MYELIN_PREDICT_TIMEOUT_SECONDS', 0.001, 86_400),
    drainSeconds: number(context, 'MYELIN_DRAIN_SECONDS', 0, 3600) ?? 5,
    maxBodyBytes: number(context, 'MYELIN_MAX_BODY_BYTES', 1, 256 * 1024 * 1024) ?? 16 * 1024 * 1024,
    queueLength: number(context, 'MYELIN_QUEUE_LENGTH', 0, 1_000_000) ?? 1000,
    feedbackBytes: number(context, 'MYELIN_FEEDBACK_BYTES', 0, 2 ** 33) ?? 64 * 1024 * 1024,
  };
}

/**
 * Where to listen for a container port. In a pod that is the port; on the laptop pods share the network, and MYELIN_PORTS, a JSON
 * object of real ports by container port, says which one stands for it.
 */
export function listenAddress(context: ProgramContext, port: number): { readonly host: string; readonly port: number } {
  const text = context.variable('MYELIN_PORTS');
  if (text === undefined) {
    // '::' takes both, where the system has it.
    const hasIPv6 = Object.values(networkInterfaces()).flat().some((address) => address?.family === 'IPv6');
    return { host: hasIPv6 ? '::' : '0.0.0.0', port };
  }
  let real: unknown;
  try {
    real = JSON.parse(text)[port];
  } catch {
    real = undefined;
  }
  if (typeof real !== 'number') {
    throw new MyelinError('MYELIN_SERVER_VARIABLE_INVALID', { variable: 'MYELIN_PORTS', got: shown(text), rule: `a JSON object with a port for ${port}` });
  }
  return { host: '127.0.0.1', port: real };
}

function number(context: ProgramContext, variable: string, least: number, most: number): number | undefined {
  const text = context.variable(variable);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!(value >= least && value <= most)) {
    throw new MyelinError('MYELIN_SERVER_VARIABLE_INVALID', { variable, got: shown(text), rule: `a number from ${least} to ${most}` });
  }
  return value;
}
