import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Task } from './task';
import { TaskProps } from './task-props';

/** What a container task can be given. */
export interface ContainerTaskProps extends TaskProps {}

/**
 * Any program in a container: preparation of data, a report, an export. It writes into the
 * folder `DATA_PATH`, which belongs to this run alone and is never changed afterwards, and may
 * leave a text that is equal for equal data in the file `MYELIN_DATA_HASH_PATH`.
 */
export class ContainerTask extends Task {
  constructor(scope: Construct, name: string, props: ContainerTaskProps) {
    if (props.image === undefined) {
      throw invalid('required', 'image', undefined, 'is required', "give it as 'Image.fromRegistry(…)' or 'Image.fromDockerfile(…)'");
    }
    super(scope, name, props);
    this._declare({ kind: 'container' });
  }
}
