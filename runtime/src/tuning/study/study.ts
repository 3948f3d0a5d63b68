import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { PARAMETER, runFolder, studyFolder } from '../../contract/constants.js';
import type { StudyDocument } from '../../contract/documents.js';
import { readDocument } from '../../contract/read.js';
import { MyelinError } from '../../shared/errors.js';
import { writeWhole } from '../../shared/files.js';
import { withParameters, workflowParameters, type ParameterValues } from '../../shared/parameters.js';
import type { ProgramContext } from '../../shared/program.js';
import { sha256 } from '../../shared/sha256.js';
import type { Algorithm, Search } from '../algorithms/algorithm.js';
import { ALGORITHMS } from '../algorithms/known-algorithms.js';
import { StudyFolder } from './study-folder.js';

/** The search of one run. */
export interface Study {
  /** With its placeholders filled in, the image that was built, and a seed. */
  readonly document: StudyDocument;
  readonly search: Search;
  readonly algorithm: Algorithm;
  readonly folder: StudyFolder;
  /** Name of the Workflow. */
  readonly run: string;
  /** The Workflow's uid. */
  readonly runUid: string;
}

/**
 * The study of this run. The first time it is written into the run's folder, and from then on read there: a study document that is applied
 * while a run is at work would otherwise mix two searches when the step is started again. Only the concurrency follows the newest one.
 *
 * Fails, for good, if the document is not of this task, or refers to a parameter that was not given.
 */
export async function openStudy(context: ProgramContext): Promise<Study> {
  const run = context.needed('MYELIN_RUN');
  const task = context.arg(PARAMETER.TASK);
  const mounted = await context.document('study', studyFolder(task));
  if (mounted.task !== task) throw new MyelinError('MYELIN_TUNING_TASK_OTHER', { got: task, task: mounted.task });
  const wanted = resolved(mounted, context, run);
  const folder = new StudyFolder(runFolder(wanted.trial.store.path, wanted.axon, task, run));
  const begun = await begunStudy(context, folder.study);
  if (begun === undefined) {
    await writeWhole(context.mounts.host(folder.study), `${JSON.stringify(wanted, undefined, 2)}\n`);
  } else if (!isDeepStrictEqual({ ...begun, concurrency: wanted.concurrency }, wanted)) {
    context.log.warn({ run, study: folder.study }, 'the study document was changed since this run began, which goes on with what it began with');
  }
  const document = { ...(begun ?? wanted), concurrency: wanted.concurrency };
  return {
    document,
    folder,
    run,
    runUid: context.needed('MYELIN_RUN_UID'),
    search: { ...document, seed: document.seed! },
    algorithm: ALGORITHMS[document.algorithm],
  };
}

/** The document as this run means it. */
function resolved(document: StudyDocument, context: ProgramContext, run: string): StudyDocument {
  const { trial } = document;
  const values: ParameterValues = {
    workflow: workflowParameters(context.variable('MYELIN_PARAMETERS')),
    inputs: new Map(Object.entries(context.args)),
  };
  const fill = (texts: readonly string[], place: string) => texts.map((text, index) => withParameters(text, values, `${place}[${index}]`));
  return {
    ...document,
    seed: document.seed ?? Number.parseInt(sha256(run).slice(0, 8), 16),
    trial: {
      ...trial,
      image: context.args.image || trial.image,
      ...(trial.command && { command: fill(trial.command, 'trial.command') }),
      ...(trial.args && { args: fill(trial.args, 'trial.args') }),
      env: trial.env.map(({ name, value }) => ({ name, value: withParameters(value, values, `trial.env.${name}`) })),
    },
  };
}

async function begunStudy(context: ProgramContext, path: string): Promise<StudyDocument | undefined> {
  try {
    return readDocument('study', await readFile(context.mounts.host(path), 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
