import { ModelGraph } from '../../serving/model-graph';
import { Source } from '../../source/source';
import { Task } from '../../task/task';
import { DeployerKeys } from '../schema/deployer-shape';

/** An artifact; without source where that is wrong and has been complained about. */
export interface DeclaredArtifact {
  readonly source?: Source;
}

export type Body = 'container' | 'train' | 'deploy';

/** A task, as others refer to it. */
export interface DeclaredTask {
  /** Its body; undefined where that is unclear. */
  body?: Body;
  /** Missing where it cannot be made, nor anything stand in for it. */
  task?: Task;
}

/** A deployer, as others refer to it; without graph where that cannot be made. */
export interface DeclaredDeployer {
  readonly keys: DeployerKeys;
  graph?: ModelGraph;
}
