import type { LedgerDocument, LedgerSet, ReleaseDocument } from '@cdk8s-myelin/runtime';
import type { KubeObject } from '../pocket/objects/kube-object.js';

/** What is there at one moment, as far as somebody who looks on cares. */
export interface Scene {
  readonly workflows: readonly KubeObject[];
  readonly jobs: readonly KubeObject[];
  readonly ledgers: readonly LedgerDocument[];
  readonly releases: readonly ReleaseDocument[];
}

/** How a happening reads: news, a success, a refusal or warning, a failure. */
export type Tone = 'plain' | 'good' | 'odd' | 'bad';

/** Something that happened, told once. */
export interface Happening {
  /** The same for the same happening, however often it is seen. */
  readonly id: string;
  readonly tone: Tone;
  readonly text: string;
}

/** The part of a node of Argo's Workflow status that is told. */
interface WorkflowNode {
  readonly displayName: string;
  readonly type: string;
  readonly phase: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly outputs?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
}

/** All that has happened so far, in no particular order across objects; the caller tells what it has not told yet. */
export function happenings(scene: Scene): Happening[] {
  return [
    ...scene.workflows.filter(isLoopRun).flatMap((workflow) => runHappenings(workflow, scene.jobs)),
    ...scene.ledgers.flatMap(ledgerHappenings),
    ...scene.releases.flatMap(releaseHappenings),
  ];
}

/** Sweeps come every few minutes and mostly find nothing. */
function isLoopRun({ metadata }: KubeObject): boolean {
  return metadata.labels?.['myelin.io/sensor'] !== undefined;
}

function runHappenings(workflow: KubeObject, jobs: readonly KubeObject[]): Happening[] {
  const { name, uid } = workflow.metadata;
  const { phase, message, nodes = {} } = workflow.status ?? {};
  const told: Happening[] = [];
  if (phase !== undefined && phase !== 'Pending') {
    told.push({ id: `${uid} started`, tone: 'plain', text: `run ${name} started` });
  }
  for (const node of Object.values(nodes) as WorkflowNode[]) {
    told.push(...nodeHappenings(name, node, jobs).map((happening) => ({ ...happening, id: `${uid} ${happening.id}` })));
  }
  if (phase === 'Failed' || phase === 'Error') {
    told.push({ id: `${uid} ended`, tone: 'bad', text: `run ${name} failed${message === undefined ? '' : `: ${message}`}; see 'myelin logs ${name}'` });
  }
  return told;
}

/** A step's attempts are nodes of their own, which only count when one failed. */
function nodeHappenings(
  run: string, { displayName, type, phase, message, startedAt = '', finishedAt = '', outputs }: WorkflowNode, jobs: readonly KubeObject[],
): Happening[] {
  const [, kind, subject] = /^(build|task|deploy)-(.*?)(\(\d+\))?$/.exec(displayName) ?? [];
  const attempt = /\(\d+\)$/.test(displayName);
  if (kind === undefined || type === 'DAG') {
    return [];
  }
  const step = kind === 'build' ? `image of ${subject}` : kind === 'task' ? `task ${subject}` : `deployment of ${subject}`;
  if (phase === 'Failed' || phase === 'Error') {
    return [{ id: `${displayName} failed`, tone: attempt ? 'odd' : 'bad', text: `${step} failed${message ? `: ${message}` : ''}; see 'myelin logs ${run}'` }];
  }
  if (attempt) {
    return [];
  }
  if (phase === 'Running') {
    return [{ id: `${displayName} running`, tone: 'plain', text: `${step} started` }];
  }
  if (phase === 'Skipped' && kind === 'task') {
    return [{ id: `${displayName} skipped`, tone: 'odd', text: `${step} skipped: it has trained on this very data` }];
  }
  if (phase === 'Succeeded') {
    const metrics = outputs?.parameters?.find((parameter) => parameter.name === 'metrics')?.value;
    const took = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
    return [{ id: `${displayName} succeeded`, tone: 'good', text: `${step} done in ${took.toFixed(1)} s${shownTrials(run, subject, jobs)}${shownMetrics(metrics)}` }];
  }
  return [];
}

/** How many trials a search had. */
function shownTrials(run: string, task: string, jobs: readonly KubeObject[]): string {
  const { length } = jobs.filter(({ metadata }) => metadata.labels?.['myelin.io/study'] === task && metadata.annotations?.['myelin.io/run'] === run);
  return length === 0 ? '' : `, ${length} trials`;
}

function shownMetrics(text = '{}'): string {
  let metrics: Record<string, number>;
  try {
    metrics = JSON.parse(text);
  } catch {
    return '';
  }
  const shown = Object.entries(metrics).map(([name, value]) => `${name} ${shownNumber(value)}`).join(', ');
  return shown === '' ? '' : `: ${shown}`;
}

/** Four digits are enough to compare with. */
export function shownNumber(value: number | null): string {
  return value === null ? 'missing' : Number.isInteger(value) ? String(value) : value.toPrecision(4).replace(/0+$/, '').replace(/\.$/, '');
}

function ledgerHappenings({ axon, sensors }: LedgerDocument): Happening[] {
  return Object.entries(sensors).flatMap(([sensor, { sets }]) => sets.map((set) => ({
    id: `${axon} ${sensor} ${set.run} ${set.decision}`,
    tone: set.decision === 'consumed' ? 'good' as const : 'odd' as const,
    text: `gate of ${sensor} ${decision(set)}`,
  })));
}

function decision(set: LedgerSet): string {
  // A number that was not there and not needed says nothing.
  const numbers = set.numbers.filter(({ value, met }) => value !== null || !met).map(({ name, value, operator, threshold, met }) => {
    const rule = operator === undefined || threshold === undefined ? '' : ` ${operator} ${shownNumber(threshold)}`;
    return `${name} ${shownNumber(value)}${met ? rule : rule === '' ? '' : `, wanted${rule}`}`;
  });
  const seen = numbers.length === 0 ? '' : ` (${numbers.join('; ')})`;
  if (set.decision === 'consumed') {
    return `passed${seen}`;
  }
  const reasons = set.reasons.map(({ message }) => message).join('; ');
  return set.decision === 'deferred' ? `put it off until ${set.until}: ${reasons}` : `refused: ${reasons}`;
}

function releaseHappenings({ releases }: ReleaseDocument): Happening[] {
  return releases.map(({ model, version, state, why }) => {
    const id = `${model} ${version} ${state}`;
    switch (state) {
      case 'deploying': return { id, tone: 'plain' as const, text: `version ${version} of ${model} comes up (${why})` };
      case 'live': return { id, tone: 'good' as const, text: `version ${version} of ${model} is live` };
      case 'failed': return { id, tone: 'bad' as const, text: `version ${version} of ${model} never became ready, traffic stays where it was` };
      default: return { id, tone: 'plain' as const, text: `version ${version} of ${model} was ${state}` };
    }
  });
}
