import { AXON_FOLDER, PARAMETER } from '../contract/constants.js';
import type { ProgramContext } from '../shared/program.js';
import { decideRun } from './decision.js';
import { writeOutputs } from './outputs.js';

/** First step of a run: decides whether it goes on, and leaves what its other steps need of that. */
export async function gate(context: ProgramContext): Promise<void> {
  const axon = await context.document('axon', AXON_FOLDER);
  await writeOutputs(context, await decideRun(context, axon, context.arg(PARAMETER.SENSOR)));
}
