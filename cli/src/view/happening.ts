import { ANNOTATION, LABEL, type LedgerDocument, type LedgerSet, type ReleaseDocument } from '@cdk8s-myelin/runtime';
import type { KubeObject } from '../pocket/objects/kube-object.js';
import { failureLine } from './failure.js';

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
  /** Ids. */
  readonly children?: readonly string[];
  readonly outputs?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
}

type Nodes = Readonly<Record<string, WorkflowNode>>;

/** So many trials of a search are told when they fail: the others mostly fail for the same reason. */
const MOST_FAILED_TRIALS = 3;

/** All that has happened so far, in no particular order across objects; the caller tells what it has not told yet. */
export function happenings(scene: Scene): Happening[] {
  const runs = scene.workflows.filter(isLoopRun);
  const several = new Set([...runs.map(axonOf), ...scene.ledgers.map(({ axon }) => axon)]).size > 1;
  const of = (axon: string, all: readonly Happening[]) => (several ? all.map((one) => ({ ...one, text: `${axon}: ${one.text}` })) : all);
  return [
    ...runs.flatMap((workflow) => of(axonOf(workflow), runHappenings(workflow, scene.jobs))),
    ...scene.ledgers.flatMap((ledger) => of(ledger.axon, ledgerHappenings(ledger))),
    ...scene.releases.flatMap((document) => of(document.axon, releaseHappenings(document))),
  ];
}

/** Sweeps come every few minutes and mostly find nothing. */
export function isLoopRun({ metadata }: KubeObject): boolean {
  return metadata.labels?.[LABEL.SENSOR] !== undefined;
}

function axonOf({ metadata }: KubeObject): string {
  return metadata.labels?.[LABEL.AXON] ?? '';
}

function runHappenings(workflow: KubeObject, jobs: readonly KubeObject[]): Happening[] {
  const { name, uid } = workflow.metadata;
  const { phase, message, nodes = {} } = workflow.status ?? {};
  const told: Happening[] = [];
  if (phase !== undefined && phase !== 'Pending') {
    told.push({ id: `${uid} started`, tone: 'plain', text: `run ${name} started` });
  }
  const trials = jobs.filter(({ metadata }) => metadata.annotations?.[ANNOTATION.RUN] === name);
  told.push(...failedTrials(trials).map((happening) => ({ ...happening, id: `${uid} ${happening.id}` })));
  for (const node of Object.values(nodes) as WorkflowNode[]) {
    told.push(...nodeHappenings(node, nodes, trials).map((happening) => ({ ...happening, id: `${uid} ${happening.id}` })));
  }
  if (phase === 'Failed' || phase === 'Error') {
    told.push({ id: `${uid} ended`, tone: 'bad', text: `run ${name} failed${message === undefined ? '' : `: ${failureLine(message)}`}; see 'myelin logs ${name}'` });
  }
  return told;
}

function failedTrials(trials: readonly KubeObject[]): Happening[] {
  const failed = trials.filter(({ status }) => status?.conditions?.some(({ type, status: is }: { type: string; status: string }) => type === 'Failed' && is === 'True'));
  return failed.slice(0, MOST_FAILED_TRIALS).map(({ metadata: { name, labels = {} } }) => ({
    id: `${name} failed`, tone: 'odd', text: `trial ${labels[LABEL.CONFIG]} of ${labels[LABEL.STUDY]} failed; see 'myelin logs ${name}'`,
  }));
}

/** What the steps of a run are called, by the beginning of their names. Of gates and events only failures are told: the ledger says what was decided. */
const STEPS: Readonly<Record<string, (subject: string) => string>> = {
  gate: () => 'gate', build: (image) => `image of ${image}`, task: (task) => `task ${task}`, deploy: (model) => `deployment of ${model}`, emit: (task) => `event of ${task}`,
};

/** A step's attempts are nodes of their own, which only count when one failed and another follows. */
function nodeHappenings(node: WorkflowNode, nodes: Nodes, trials: readonly KubeObject[]): Happening[] {
  const { displayName, type, phase, startedAt = '', finishedAt = '' } = node;
  const [, kind, subject] = /^(gate|build|task|deploy|emit)-?(.*?)(\(\d+\))?$/.exec(displayName) ?? [];
  if (kind === undefined || type === 'DAG' || /\(\d+\)$/.test(displayName)) {
    return [];
  }
  const step = STEPS[kind](subject);
  const attempts = (node.children ?? []).flatMap((id) => nodes[id] ?? []).filter((child) => child.displayName.startsWith(`${displayName}(`));
  const again = attempts.filter((attempt, index) => isFailure(attempt) && (index < attempts.length - 1 || node.message?.startsWith('Backoff'))).map((attempt): Happening => ({
    id: `${attempt.displayName} failed`, tone: 'odd', text: `${step} failed${shownFailure(attempt)}; it is tried again`,
  }));
  if (isFailure(node)) {
    const last = attempts.filter(isFailure).at(-1) ?? node;
    return [...again, { id: `${displayName} failed`, tone: 'bad', text: `${step} failed${shownFailure(last)}` }];
  }
  const decided = valueOf(node, 'decision');
  if (kind === 'gate' || kind === 'emit' || (kind === 'deploy' && decided !== undefined && decided !== '' && decided !== 'pass')) {
    return again;
  }
  // A deployment may first have to decide whether there is one; the history of releases says when a version comes up.
  if (phase === 'Running' && kind !== 'deploy') {
    return [{ id: `${displayName} running`, tone: 'plain', text: `${step} started` }, ...again];
  }
  if (phase === 'Skipped' && kind === 'task') {
    return [{ id: `${displayName} skipped`, tone: 'odd', text: `${step} skipped: it has trained on this very data` }];
  }
  if (phase === 'Succeeded') {
    const took = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
    return [...again, { id: `${displayName} succeeded`, tone: 'good', text: `${step} done in ${took.toFixed(1)} s${shownTrials(subject, trials)}${shownMetrics(valueOf(node, 'metrics'))}` }];
  }
  return again;
}

function valueOf({ outputs }: WorkflowNode, name: string): string | undefined {
  return outputs?.parameters?.find((parameter) => parameter.name === name)?.value;
}

function isFailure({ phase }: WorkflowNode): boolean {
  return phase === 'Failed' || phase === 'Error';
}

function shownFailure({ message }: WorkflowNode): string {
  return message === undefined ? '' : `: ${failureLine(message)}`;
}

/** How many trials a search had. */
function shownTrials(task: string, trials: readonly KubeObject[]): string {
  const { length } = trials.filter(({ metadata }) => metadata.labels?.[LABEL.STUDY] === task);
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
    id: `${axon} ${sensor} ${set.run} ${set.decision} ${set.at}`,
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
  return releases.map(({ model, version, state, why, at }) => {
    const id = `${model} ${version} ${state} ${at}`;
    switch (state) {
      case 'deploying': return { id, tone: 'plain' as const, text: `version ${version} of ${model} comes up (${why})` };
      case 'live': return { id, tone: 'good' as const, text: `version ${version} of ${model} is live` };
      case 'failed': return { id, tone: 'bad' as const, text: `version ${version} of ${model} never became ready, traffic stays where it was` };
      default: return { id, tone: 'plain' as const, text: `version ${version} of ${model} was ${state}` };
    }
  });
}
