import { chmod, mkdir, stat } from 'node:fs/promises';
import { folderParameter, liveParameter, PARAMETER } from '../contract/constants.js';
import type { AxonDocument, ReleaseDocument } from '../contract/documents.js';
import type { Answer } from '../ledger/decide.js';
import { guarded, modelOf } from '../ledger/guard.js';
import { own } from '../ledger/own.js';
import { writeOutput } from '../shared/outputs.js';
import type { ProgramContext } from '../shared/program.js';
import type { Decided } from './decision.js';
import { folderOf } from './state.js';

/** Read, write and enter for owner and group, whatever the umask; what is made inside keeps the group. */
const GROUP_WRITES = 0o2775;

/** Writes what a gate leaves to the other steps of its run: the answer, and where things are. */
export async function writeOutputs(context: ProgramContext, decided: Decided): Promise<void> {
  if (decided.answer.decision === 'pass') {
    await makeFolders(context, decided);
    for (const [name, value] of Object.entries(outputsOf(decided))) await writeOutput(context.mounts, name, value);
  }
  await writeAnswer(context, decided.answer);
}

/** Writes an answer, the decision last: a step that was killed before has none. */
export async function writeAnswer({ mounts }: ProgramContext, { decision, version, events }: Answer): Promise<void> {
  if (decision === 'pass') {
    await writeOutput(mounts, PARAMETER.VERSION, version ?? '');
    await writeOutput(mounts, PARAMETER.EVENTS, JSON.stringify(events));
  }
  await writeOutput(mounts, PARAMETER.DECISION, decision);
}

function outputsOf({ axon, sensor, ledger, releases }: Decided): Record<string, string> {
  const { tasks } = axon;
  const key = sensor.guard?.sameData === 'refuse' ? guarded(sensor) : undefined;
  return {
    [PARAMETER.TRAINED_DATA_HASH]: (key === undefined ? undefined : modelOf(ledger, key).trained.at(-1)?.dataHash) ?? '',
    ...Object.fromEntries(tasks.map(({ name }) => [folderParameter(name), folderOf(axon, name, own(ledger.tasks, name)?.runId)])),
    ...Object.fromEntries(tasks.filter(({ kind }) => kind === 'training').map(({ name }) => [liveParameter(name), folderOf(axon, name, liveRun(axon, releases, name))])),
  };
}

/** The run of a training task whose model is live now, in the newest release that has one. */
function liveRun(axon: AxonDocument, { releases }: ReleaseDocument, task: string): string | undefined {
  for (const { name } of axon.models.filter(({ trainers }) => trainers.includes(task))) {
    const newest = releases.find(({ model, state }) => model === name && state === 'live');
    const run = newest && own(newest.runs, task);
    if (run !== undefined) return run;
  }
  return undefined;
}

/** This run's folders: steps run under various users of one group, and none of them may own what the next must write. */
async function makeFolders(context: ProgramContext, { axon, sensor, run }: Decided): Promise<void> {
  const names = sensor.runs.flat();
  for (const { name } of axon.tasks.filter((task) => names.includes(task.name))) {
    const folder = context.mounts.host(folderOf(axon, name, run));
    for (const path of [folder.replace(/\/[^/]+\/[^/]+$/, ''), folder.replace(/\/[^/]+$/, ''), folder]) await makeFolder(path);
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  try {
    if ((await stat(path)).mode % 0o10000 !== GROUP_WRITES) await chmod(path, GROUP_WRITES);
  } catch (error) {
    // Made by another user, who decided about it.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
