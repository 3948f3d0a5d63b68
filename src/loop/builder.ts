import { invalid } from '../problem/error';
import { copied, sortedBy } from './canonical';
import { AxonData, Loop } from './loop';
import { ModelGraphData } from './model';
import { partIdentifier } from './names';
import { SensorData } from './sensor';
import { TaskData } from './task';
import { TunerData } from './tuner';

type Room = 'task' | 'model' | 'sensor';

interface Part {
  readonly identifier: string;
  readonly userName: string;
}

/**
 * Collects what is declared in one axon.
 *
 * Invariants: identifiers are unique within a room, whatever the spelling of the name; a loop that was handed
 * out never changes, even if the user changes a map or list that a construct was given; `loop` returns the same
 * object until something is added.
 */
export class LoopBuilder {
  /** The axon without its parts. */
  public readonly axon: AxonData;

  private readonly tasks = new Map<string, TaskData>();
  private readonly tuners = new Map<string, TunerData>();
  private readonly models = new Map<string, ModelGraphData>();
  private readonly sensors = new Map<string, SensorData>();
  private current?: Loop;

  constructor(axon: AxonData) {
    this.axon = copied(axon);
  }

  /** Everything that has been declared so far. */
  public get loop(): Loop {
    this.current ??= {
      ...this.axon,
      tasks: sortedBy(this.tasks.values(), ({ identifier }) => identifier),
      tuners: sortedBy(this.tuners.values(), ({ id }) => id),
      models: sortedBy(this.models.values(), ({ identifier }) => identifier),
      sensors: sortedBy(this.sensors.values(), ({ identifier }) => identifier),
    };
    return this.current;
  }

  /** The identifier of a name, within the budget that the axon's name leaves. */
  public identifierFor(room: Room, userName: string): string {
    return partIdentifier(this.axon.name, room, userName);
  }

  public addTask(task: TaskData): void {
    this.add(this.tasks, 'task', task);
  }

  public addModel(model: ModelGraphData): void {
    this.add(this.models, 'model', model);
  }

  public addSensor(sensor: SensorData): void {
    this.add(this.sensors, 'sensor', sensor);
  }

  public addTuner(tuner: TunerData): void {
    const other = this.tuners.get(tuner.task);
    if (other !== undefined) {
      throw invalid('already-tuned', 'task', this.tasks.get(tuner.task)?.userName, `is tuned by '${other.id}' already`, 'keep one tuner a task');
    }
    this.tuners.set(tuner.task, copied(tuner));
    this.current = undefined;
  }

  private add<T extends Part>(room: Map<string, T>, noun: Room, part: T): void {
    const other = room.get(part.identifier);
    if (other !== undefined) {
      throw invalid('duplicate', 'name', part.userName, other.userName === part.userName
        ? `is the name of another ${noun} of axon '${this.axon.name}'`
        : `becomes '${part.identifier}', and so does the ${noun} '${other.userName}' of axon '${this.axon.name}'`, 'rename one of them');
    }
    room.set(part.identifier, copied(part));
    this.current = undefined;
  }
}
