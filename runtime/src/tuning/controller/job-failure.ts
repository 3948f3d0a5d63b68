import { KINDS, type KubeClient } from '../../kube/client.js';
import { lastLine } from '../../shared/last-line.js';
import type { Job, JobCondition, Pod, Terminated } from './job.js';

/** Characters that a reason quotes of what a trial said. */
const QUOTED = 300;

/**
 * Why a Job failed, for a person: its own reason, and what the pod that ended last said. The pods may be gone, for instance when the
 * Job ran out of time.
 */
export async function failureOf(job: Job, condition: JobCondition, kube: KubeClient): Promise<string> {
  const pods = await kube.list<Pod>(KINDS.Pod, { 'job-name': job.metadata.name });
  const last = pods.map(wordsOf).filter((words) => words !== undefined).sort((a, b) => (a.at < b.at ? 1 : -1))[0];
  // That a policy ended it because of the exit code says less than the code and the words that came with it.
  if (condition.reason === 'PodFailurePolicy' && last !== undefined) return last.text;
  return [reasonOf(job, condition), last?.text].filter((part) => part !== undefined).join('; ');
}

function reasonOf(job: Job, { reason, message }: JobCondition): string {
  const { activeDeadlineSeconds } = job.spec ?? {};
  if (reason === 'DeadlineExceeded' && activeDeadlineSeconds !== undefined) return `not done after ${activeDeadlineSeconds} seconds (DeadlineExceeded)`;
  return [reason ?? 'Failed', message].filter((part) => part !== undefined && part !== '').join(': ');
}

interface Words {
  readonly at: string;
  readonly text: string;
}

function wordsOf({ status, metadata }: Pod): Words | undefined {
  const ended = status?.containerStatuses?.map(({ state }) => state?.terminated).find((terminated) => (terminated?.exitCode ?? 0) !== 0);
  if (ended !== undefined) return { at: ended.finishedAt ?? metadata.creationTimestamp ?? '', text: exitText(ended) };
  if (status?.phase !== 'Failed') return undefined;
  const text = [status.reason, status.message].filter((part) => part !== undefined && part !== '').join(': ');
  return text === '' ? undefined : { at: metadata.creationTimestamp ?? '', text };
}

function exitText({ exitCode, reason, message }: Terminated): string {
  const why = reason === undefined || reason === 'Error' ? '' : ` (${reason})`;
  const said = lastLine(message ?? '', QUOTED);
  return `exit code ${exitCode}${why}${said === '' ? '' : `: ${said}`}`;
}
