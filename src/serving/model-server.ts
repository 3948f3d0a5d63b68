import { Construct } from 'constructs';
import { loopBuilderOf } from '../common/loop-builder-of';
import { LoopBuilder } from '../loop/builder';
import { invalid } from '../problem/error';
import { containerData, ContainerProps } from '../task/container-props';

/** Properties of a `ModelServer`. */
export interface ModelServerProps extends ContainerProps {
  /**
   * The name of the model server, unique among the tasks and model servers of an axon. User code sees it in `TASK_ID`.
   * @default - the id of the construct
   */
  readonly serverName?: string;

  /**
   * The prediction class, which is also the name of its file.
   * @default - the image's variable `MODEL_NAME`
   */
  readonly predictor?: string;
}

/**
 * A prediction class in an image, which serves the result of a training. It is not a step of a run: a backend of a
 * model graph names it together with the training task, and deploying the graph starts its pods.
 */
export class ModelServer extends Construct {
  /** Its name, as user code sees it. */
  public readonly serverName: string;

  /** Its identifier in manifests and records: lower case, with dashes. Tasks and model servers of an axon share identifiers. */
  public readonly identifier: string;

  /** The prediction class, where the user named it. */
  public readonly predictor?: string;

  /** @internal */
  readonly _builder: LoopBuilder;

  constructor(scope: Construct, id: string, props: ModelServerProps) {
    super(scope, id);
    if (props.predictor !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(props.predictor)) {
      throw invalid('name-format', 'predictor', props.predictor, 'must be the name of a Python class, which is also the name of its file',
        'use letters, digits and underscores, with no digit first');
    }
    this._builder = loopBuilderOf(scope);
    this.serverName = props.serverName ?? id;
    this.identifier = this._builder.identifierFor('server', this.serverName);
    this.predictor = props.predictor;
    this._builder.addServer({
      ...containerData(this._builder.axon, this.identifier, props),
      path: this.node.path,
      userName: this.serverName,
      predictor: props.predictor,
    });
  }
}
