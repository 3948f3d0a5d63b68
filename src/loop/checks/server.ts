import { Problem } from '../../problem/problem';
import { Loop } from '../loop';
import { ServerData } from '../server';
import { containerProblems } from './container';
import { podProblems } from './pod/pod';

/** Checks one model server against the whole loop. */
export function serverProblems(loop: Loop, server: ServerData): Problem[] {
  const { path, pod } = server;
  return [...containerProblems(loop, server), ...podProblems(pod, { path, prop: 'pod', general: loop.pod })];
}
