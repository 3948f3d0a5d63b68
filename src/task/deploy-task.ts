import { Construct } from 'constructs';
import { BoundStep } from '../common/step';
import { invalid } from '../problem/error';
import { Task } from './task';
import { ContainerProps } from './task-props';

/** What a served model answers to. */
export enum EndpointType {
  /** JSON over HTTP. */
  REST = 'REST',
}

/** What a deploy task can be given. */
export interface DeployTaskProps extends ContainerProps {
  /**
   * The prediction class, and the name of the file that it lies in.
   * @default - the image's variable `MODEL_NAME`
   */
  readonly predictor?: string;

  /**
   * What the served model answers to.
   * @default EndpointType.REST
   */
  readonly endpoint?: EndpointType;
}

/**
 * A prediction class in an image: how one backend of a model is served. It is no step of a run by
 * itself: a model graph names it together with the training task whose result it serves.
 */
export class DeployTask extends Task {
  /** The prediction class, where the user named it. */
  public readonly predictor?: string;

  constructor(scope: Construct, name: string, props: DeployTaskProps) {
    if (props.image === undefined) {
      throw invalid('required', 'image', undefined, 'is required', "give it as 'Image.fromRegistry(…)' or 'Image.fromSource(…)'");
    }
    if (props.predictor !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(props.predictor)) {
      throw invalid('name-format', 'predictor', props.predictor, 'must be the name of a Python class, which is also the name of its file', 'correct it');
    }
    super(scope, name, props);
    this.predictor = props.predictor;
    this._declare({ kind: 'deploy', predictor: props.predictor });
  }

  /** @internal */
  public _members(): BoundStep[] {
    throw invalid('wrong-type', 'steps', this.stepName, 'is a deploy task, which a model graph serves', "run the model graph's 'deploy()' instead");
  }
}
