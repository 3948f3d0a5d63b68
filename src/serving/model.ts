import { ModelData } from '../loop/model';
import { identifier } from '../loop/names';
import { invalid } from '../problem/error';
import { either } from '../problem/phrase';
import { TrainingTask } from '../task/training-task';
import { ModelServer } from './model-server';

/** How a model chooses among its backends and among the results of a training. */
export enum ModelSelection {
  /** By the weights of the backends. */
  WEIGHTED = 'weighted',
  /** The best result of a training. Weights take precedence if they are set. */
  BEST = 'best',
}

/** A trained result and the model server that serves it. */
export interface ServedTrainingOptions {
  /** The training whose result is served. */
  readonly trainer: TrainingTask;
  /** The model server that serves it. */
  readonly server: ModelServer;
}

/** Options of a `Backend`. */
export interface BackendOptions extends ServedTrainingOptions {
  /**
   * The share of the model's requests that the backend gets, in percent. The weights of a model's backends sum to 100.
   * @default 100
   */
  readonly weight?: number;
}

/** Options of a `Model` with one backend. */
export interface ModelOptions extends ServedTrainingOptions {
  /**
   * How the model chooses among several results of the training.
   * @default ModelSelection.BEST
   */
  readonly selection?: ModelSelection;
}

/** Options of a `Model` with several backends. */
export interface BackendsOptions {
  /** The backends, at least one. */
  readonly backends: Backend[];

  /**
   * How the model chooses a backend.
   * @default ModelSelection.WEIGHTED
   */
  readonly selection?: ModelSelection;
}

/** One way to serve a model: a training and a model server. */
export class Backend {
  /**
   * Serves the result of a training.
   * @param name unique in the model
   */
  public static fromTraining(name: string, options: BackendOptions): Backend {
    return new Backend(name, options);
  }

  private constructor(
    /** The name of the backend. */
    public readonly name: string,
    /** @internal */
    readonly _options: BackendOptions,
  ) {
    checkName(name);
    const { trainer, server, weight = 100 } = _options;
    if (!(trainer instanceof TrainingTask)) {
      throw invalid('wrong-type', 'trainer', name, 'must be a training task', "set it to the 'TrainingTask' that trains the model");
    }
    if (!(server instanceof ModelServer)) {
      throw invalid('wrong-type', 'server', name, 'must be a model server', "set it to a 'ModelServer'");
    }
    if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
      throw invalid('out-of-range', 'weight', weight, 'must be a whole number of percent from 0 to 100', 'set a number in that range');
    }
  }
}

/** A model of a graph. Its backends answer the requests that routes send to it. */
export class Model {
  /** A model with one backend, which has the same name. */
  public static fromTraining(name: string, options: ModelOptions): Model {
    const { trainer, server, selection = ModelSelection.BEST } = options;
    return new Model(name, [Backend.fromTraining(name, { trainer, server })], selection);
  }

  /** A model with several backends. */
  public static fromBackends(name: string, options: BackendsOptions): Model {
    const { backends, selection = ModelSelection.WEIGHTED } = options;
    return new Model(name, backends, selection);
  }

  private constructor(
    /** The name of the model. Routes refer to it. */
    public readonly name: string,
    /** @internal */
    readonly _backends: Backend[],
    private readonly selection: ModelSelection,
  ) {
    checkName(name);
    if (name === 'INPUT') {
      throw invalid('reserved', 'name', name, 'is the key of the original request in the input of joined models', 'rename it');
    }
    if (_backends.length === 0) {
      throw invalid('empty', 'backends', [], `must hold at least one backend of '${name}'`, either("add 'Backend.fromTraining(…)'", 'add one'));
    }
    const names = _backends.map((backend) => identifier(backend.name));
    const twice = names.findIndex((own, index) => names.indexOf(own) !== index);
    if (twice >= 0) {
      throw invalid('duplicate', 'backends', _backends[twice].name, `is the name of two backends of model '${name}'`, 'rename one of them', { item: twice });
    }
    const weights = _backends.map((backend) => backend._options.weight ?? (_backends.length === 1 ? 100 : Number.NaN));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) {
      throw invalid('weights-sum', 'weight', weights.map((weight) => (Number.isNaN(weight) ? 'none' : weight)).join(' + '),
        `must sum to 100 over the backends of '${name}'`, 'set the weight of every backend');
    }
  }

  /** @internal */
  public _toData(): ModelData {
    return {
      userName: this.name,
      selection: this.selection,
      backends: this._backends.map(({ name, _options: { trainer, server, weight = 100 } }) => ({
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
