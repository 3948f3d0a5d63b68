import { invalid } from '../problem/error';
import { either } from '../problem/phrase';
import { copied, sortedBy } from './canonical';
import { AxonData, Loop } from './loop';
import { ModelGraphData } from './model';
import { PartKind, partIdentifier, PARTS } from './names';
import { SensorData } from './sensor';
import { ServerData } from './server';
import { TaskData } from './task';
import { TunerData } from './tuner';

interface Part {
  readonly identifier: string;
  readonly userName: string;
}

/** A part of a loop that can grow after it was added. */
export interface LoopPart<T> {
  /** The part as it is declared so far. Do not change it: loops share it. */
  readonly data: T;

  /**
   * Replaces the data of the part, so that the next loop differs.
   * @param change returns the new data and leaves the old data as it is. If it throws, the part stays as it was. It cannot rename the part
   */
  update(change: (data: T) => T): void;
}

/**
 * Collects what is declared in one axon.
 *
 * A part is added once, with the data that its construct has at that time. Every `add` returns a handle; a construct whose lists can grow
 * keeps it and calls `update`:
 *
 *     this.part = builder.addSensor({ …, triggers: [] });
 *     this.part.update((data) => ({ ...data, triggers: [...data.triggers, trigger] }));
 *
 * Check a single addition inside `update` or before it. Check what is missing in the end over the loop, in `checks/`.
 *
 * Invariants: identifiers are unique within a room, and over tasks and model servers together, whatever the spelling of the name; a loop that was handed
 * out never changes, even if the user changes a map or list that a construct was given; `loop` returns the same
 * object until something is added or updated.
 */
export class LoopBuilder {
  private readonly root: LoopPart<AxonData>;
  private readonly tasks = new Map<string, LoopPart<TaskData>>();
  private readonly servers = new Map<string, LoopPart<ServerData>>();
  private readonly tuners = new Map<string, LoopPart<TunerData>>();
  private readonly models = new Map<string, LoopPart<ModelGraphData>>();
  private readonly sensors = new Map<string, LoopPart<SensorData>>();
  private current?: Loop;

  constructor(axon: AxonData) {
    this.root = this.part(axon);
  }

  /** The axon without its parts. */
  public get axon(): AxonData {
    return this.root.data;
  }

  /** Everything that has been declared so far. Constructs do not read it while they are declared: the order of declaration would matter. */
  public get loop(): Loop {
    this.current ??= {
      ...this.axon,
      tasks: sortedBy(dataOf(this.tasks), ({ identifier }) => identifier),
      servers: sortedBy(dataOf(this.servers), ({ identifier }) => identifier),
      tuners: sortedBy(dataOf(this.tuners), ({ id }) => id),
      models: sortedBy(dataOf(this.models), ({ identifier }) => identifier),
      sensors: sortedBy(dataOf(this.sensors), ({ identifier }) => identifier),
    };
    return this.current;
  }

  /** The identifier of a name, within the budget that the axon's name leaves. */
  public identifierFor(kind: PartKind, userName: string): string {
    return partIdentifier(this.axon.name, kind, userName);
  }

  /** Changes the axon itself, for instance its parameters. */
  public updateAxon(change: (axon: AxonData) => AxonData): void {
    this.root.update(change);
  }

  public addTask(task: TaskData): LoopPart<TaskData> {
    this.refuseOther('task', task, 'server', this.servers);
    return this.add(this.tasks, 'task', task);
  }

  public addServer(server: ServerData): LoopPart<ServerData> {
    this.refuseOther('server', server, 'task', this.tasks);
    return this.add(this.servers, 'server', server);
  }

  public addModel(model: ModelGraphData): LoopPart<ModelGraphData> {
    return this.add(this.models, 'model', model);
  }

  public addSensor(sensor: SensorData): LoopPart<SensorData> {
    return this.add(this.sensors, 'sensor', sensor);
  }

  public addTuner(tuner: TunerData): LoopPart<TunerData> {
    const other = this.tuners.get(tuner.task)?.data;
    if (other !== undefined) {
      throw invalid('already-tuned', 'task', this.tasks.get(tuner.task)?.data.userName, `has two tuners: '${other.id}' and '${tuner.id}'`, 'remove one of them');
    }
    return this.kept(this.tuners, tuner.task, tuner);
  }

  private add<T extends Part>(room: Map<string, LoopPart<T>>, kind: PartKind, data: T): LoopPart<T> {
    this.refuseOther(kind, data, kind, room);
    return this.kept(room, data.identifier, data);
  }

  /** Refuses a part whose identifier a part of a room has already. */
  private refuseOther(kind: PartKind, { identifier, userName }: Part, otherKind: PartKind, room: ReadonlyMap<string, LoopPart<Part>>): void {
    const other = room.get(identifier)?.data;
    if (other === undefined) {
      return;
    }
    const { noun } = PARTS[otherKind];
    const { prop } = PARTS[kind];
    const same = kind === otherKind ? `is the name of another ${noun} of axon '${this.axon.name}'`
      : `is the name of a task and of a model server of axon '${this.axon.name}', which share their names`;
    throw invalid('duplicate', prop, userName, other.userName === userName ? same
      : `becomes '${identifier}', and so does the ${noun} '${other.userName}' of axon '${this.axon.name}'`, either(`set another '${prop}'`, 'rename one of them'));
  }

  private kept<T>(room: Map<string, LoopPart<T>>, key: string, data: T): LoopPart<T> {
    const part = this.part(data);
    room.set(key, part);
    this.current = undefined;
    return part;
  }

  private part<T>(initial: T): LoopPart<T> {
    let data = copied(initial);
    return {
      get data() {
        return data;
      },
      update: (change) => {
        data = copied(change(data));
        this.current = undefined;
      },
    };
  }
}

function dataOf<T>(room: ReadonlyMap<string, LoopPart<T>>): T[] {
  return [...room.values()].map(({ data }) => data);
}
