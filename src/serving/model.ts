import { ModelData } from '../loop/model';
import { identifier } from '../loop/names';
import { invalid } from '../problem/error';
import { either } from '../problem/phrase';
import { TrainingTask } from '../task/training-task';
import { ModelServer } from './model-server';

/** How one of several results or backends is chosen. */
export enum ModelSelection {
  /** By the weights of the backends. */
  WEIGHTED = 'weighted',
  /** The one with the best result of its training. Weights, where given, win over it. */
  BEST = 'best',
}

/** What serves a model: a trained result and the code that answers with it. */
export interface BackendProps {
  /** The training whose result is served. */
  readonly trainer: TrainingTask;
  /** The model server that serves it. */
  readonly server: ModelServer;
}

/** One of several ways to serve a model. */
export interface WeightedBackendProps extends BackendProps {
  /**
   * Percent of the model's requests that it gets. The weights of a model's backends sum to 100.
   * @default 100
   */
  readonly weight?: number;
}

/** What a model with one backend can be given. */
export interface ModelProps extends BackendProps {
  /**
   * How a result is chosen where the training has several.
   * @default ModelSelection.BEST
   */
  readonly selection?: ModelSelection;
}

/** What a model with several backends can be given. */
export interface BackendsProps {
  /** The backends. */
  readonly backends: Backend[];

  /**
   * How a backend is chosen.
   * @default ModelSelection.WEIGHTED
   */
  readonly selection?: ModelSelection;
}

/** One way to serve a model. */
export class Backend {
  /** @param name unique in the model */
  public static of(name: string, props: WeightedBackendProps): Backend {
    return new Backend(name, props);
  }

  private constructor(
    /** Its name. */
    public readonly name: string,
    /** @internal */
    readonly _props: WeightedBackendProps,
  ) {
    checkName(name);
    const { trainer, server, weight = 100 } = _props;
    if (!(trainer instanceof TrainingTask)) {
      throw invalid('wrong-type', 'trainer', name, 'must be a training task', "set it to the 'TrainingTask' that trains the model");
    }
    if (!(server instanceof ModelServer)) {
      throw invalid('wrong-type', 'server', name, 'must be a model server', "set it to a 'ModelServer'");
    }
    if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
      throw invalid('out-of-range', 'weight', weight, 'must be a whole percent from 0 to 100', 'correct it');
    }
  }
}

/** A model of a graph: what answers a call, by a training's result and a prediction class. */
export class Model {
  /** A model with one backend of the same name. */
  public static of(name: string, props: ModelProps): Model {
    return new Model(name, [Backend.of(name, { trainer: props.trainer, server: props.server })], props.selection ?? ModelSelection.BEST);
  }

  /** A model with several backends. */
  public static ofBackends(name: string, props: BackendsProps): Model {
    return new Model(name, props.backends, props.selection ?? ModelSelection.WEIGHTED);
  }

  private constructor(
    /** Its name, as routes refer to it. */
    public readonly name: string,
    /** @internal */
    readonly _backends: Backend[],
    private readonly selection: ModelSelection,
  ) {
    checkName(name);
    if (name === 'INPUT') {
      throw invalid('reserved', 'name', name, 'is the key under which a joined model finds the original request', 'rename it');
    }
    if (_backends.length === 0) {
      throw invalid('empty', 'backends', [], `must hold at least one backend of '${name}'`, either("use 'Backend.of(…)'", 'add one'));
    }
    const names = _backends.map((backend) => identifier(backend.name));
    const twice = names.findIndex((own, index) => names.indexOf(own) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'backends', _backends[twice].name, `stands twice in model '${name}'`, 'rename one of them', { item: twice });
    }
    const weights = _backends.map((backend) => backend._props.weight ?? (_backends.length === 1 ? 100 : Number.NaN));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) {
      throw invalid('weights-sum', 'weight', weights.map((weight) => (Number.isNaN(weight) ? 'none' : weight)).join(' + '),
        `must sum to 100 over the backends of '${name}'`, 'give every backend its percent');
    }
  }

  /** @internal */
  public _toData(): ModelData {
    return {
      userName: this.name,
      selection: this.selection,
      backends: this._backends.map(({ name, _props: { trainer, server, weight = 100 } }) => ({
        userName: name, trainer: trainer.identifier, server: server.identifier, weight,
      })),
    };
  }
}

function checkName(name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name) || identifier(name).length > 63) {
    throw invalid('name-format', 'name', name, 'must be letters, digits, dashes and underscores, with a letter first, at most 63', 'rename it');
  }
}
