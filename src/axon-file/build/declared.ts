import { ModelGraph } from '../../serving/model-graph';
import { ModelServer } from '../../serving/model-server';
import { Source } from '../../source/source';
import { Task } from '../../task/task';
import { DeployerKeys } from '../schema/deployer-shape';

/** An artifact; without source where that is wrong and has been complained about. */
export interface DeclaredArtifact {
  readonly source?: Source;
}

/** The key of a task that says what it is; a `deploy` body is a model server. */
export type Body = TaskBody | 'deploy';

/** The bodies of tasks. */
export type TaskBody = 'container' | 'train';

/** An entry of `tasks`, as others refer to it: a task or a model server. Both are missing where not even a stand-in can be created. */
export interface DeclaredTask {
  /** Its body; undefined where that is unclear. */
  body?: Body;
  task?: Task;
  server?: ModelServer;
}

/** A deployer, as others refer to it; without graph where that cannot be made. */
export interface DeclaredDeployer {
  readonly keys: DeployerKeys;
  graph?: ModelGraph;
}
