import type { Program } from '../shared/program.js';
import { ModelService } from './model-service.js';

/** Serves one backend of one release until it is asked to end, and then until nothing is left to answer. */
export const serve: Program = async (context) => {
  const service = await ModelService.start(context);
  await service.run();
};
