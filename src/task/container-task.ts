import { Construct } from 'constructs';
import { Task } from './task';
import { TaskProps } from './task-props';

/** Properties of a `ContainerTask`. */
export interface ContainerTaskProps extends TaskProps {}

/**
 * Any program in a container: data preparation, a report, an export. It writes into the folder `DATA_PATH`, which
 * belongs to this run and never changes afterwards. It can write a hash of its data into the file `MYELIN_DATA_HASH_PATH`.
 */
export class ContainerTask extends Task {
  constructor(scope: Construct, id: string, props: ContainerTaskProps) {
    super(scope, id, props);
    this._declare({ kind: 'container' });
  }
}
