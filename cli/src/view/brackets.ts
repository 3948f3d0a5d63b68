import { ANNOTATION, LABEL } from '@cdk8s-myelin/runtime';
import type { KubeObject } from '../pocket/objects/kube-object.js';

/** How far one rung of a search is. */
export interface Rung {
  readonly run: string;
  readonly task: string;
  readonly bracket: number;
  readonly rung: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

/** The rungs of the searches that go on, from the Jobs of their trials; sorted. */
export function rungs(jobs: readonly KubeObject[]): Rung[] {
  const found = new Map<string, { -readonly [Key in keyof Rung]: Rung[Key] }>();
  for (const { metadata: { labels = {}, annotations = {} }, status } of jobs) {
    const task = labels[LABEL.STUDY];
    if (task === undefined) {
      continue;
    }
    const run = annotations[ANNOTATION.RUN] ?? labels[LABEL.RUN] ?? '';
    const [bracket, rung] = [Number(labels[LABEL.BRACKET]), Number(labels[LABEL.RUNG])];
    const key = JSON.stringify([run, task, bracket, rung]);
    const counted = found.get(key) ?? { run, task, bracket, rung, done: 0, failed: 0, running: 0 };
    found.set(key, counted);
    const is = (type: string) => status?.conditions?.some((condition: { type: string; status: string }) => condition.type === type && condition.status === 'True');
    counted[is('Complete') ? 'done' : is('Failed') ? 'failed' : 'running']++;
  }
  return [...found.values()].sort((a, b) => a.run.localeCompare(b.run) || a.task.localeCompare(b.task) || a.bracket - b.bracket || a.rung - b.rung);
}

/** A search in one line: the rungs of each bracket, with a mark for each trial (█ done, ▒ running, × failed). */
export function bracketsLine(all: readonly Rung[]): string {
  const brackets = new Map<number, Rung[]>();
  all.forEach((rung) => brackets.set(rung.bracket, [...(brackets.get(rung.bracket) ?? []), rung]));
  return [...brackets.values()].map((parts) => parts
    .map(({ done, running, failed }) => '█'.repeat(done) + '×'.repeat(failed) + '▒'.repeat(running)).join('·')).join('  ');
}
