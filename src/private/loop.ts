import { Construct } from 'constructs';
import { invalid } from '../problem/error';
import { Problem } from '../problem/problem';
import { Assembly } from './assembly';
import { sortedBy } from './canonical';
import { partIdentifier } from './names';
import { ResolvedPlatform, ResolvedImage, ResolvedStorage, SourceData } from './resolved';
import { TriggerSpec, StepRef } from './specs';

const LOOP = Symbol.for('cdk8s-myelin.loop');

/** What every part of an axon can be asked for. */
export interface Part {
  readonly construct: Construct;
  readonly identifier: string;
  /** Name as the user wrote it. */
  readonly userName: string;
  /** What is wrong with it, seen from the whole loop. */
  problems(): Problem[];
  /** Adds its share of the manifests. Called only when nothing is wrong. */
  contribute(assembly: Assembly): void;
}

/** A task, as the rest of the loop sees it. */
export interface TaskPart extends Part {
  readonly kind: 'container' | 'training' | 'deploy';
  /** Whether a search runs it many times, in place of its one run. */
  readonly tuned: boolean;
  /** Names of metrics that it publishes; none when it says nothing about them. */
  readonly metrics: string[];
  readonly objective?: { readonly metric: string; readonly direction: 'maximize' | 'minimize' };
  /** The tasks whose folders it is told of; undefined: every one. */
  readonly inputs?: string[];
  image(): ResolvedImage;
}

/** A model graph, as the rest of the loop sees it. */
export interface ModelPart extends Part {
  /** Identifiers of the training tasks whose results it serves. */
  readonly trainers: string[];
  /** Identifiers of the deploy tasks that serve them. */
  readonly servers: string[];
  readonly captures: boolean;
}

/** A sensor, as the rest of the loop sees it. */
export interface SensorPart extends Part {
  readonly triggers: TriggerSpec[];
  /** Outer lists in order, inner ones in parallel. */
  readonly stages: StepRef[][];
  /** Whether something keeps it from running again and again. */
  readonly guarded: boolean;
  /** Whether it must not train on data that was trained on already. */
  readonly freshData: boolean;
}

/** What an axon is, before anything is declared in it. */
export interface LoopIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly platform: ResolvedPlatform;
  readonly storage: ResolvedStorage;
  readonly source?: SourceData;
  readonly parameters: Readonly<Record<string, string>>;
  readonly taskAccount: string;
  readonly runtimeImage: string;
}

/**
 * Everything that has been declared in one axon, found from any construct below it.
 *
 * Invariants: identifiers are unique within a room, whatever the spelling; readers get the parts
 * sorted by identifier, so that the order of declaration never reaches a manifest; `revision` grows
 * with each part, so that what is computed from the loop can be kept until it changes.
 */
export class Loop {
  public static attach(axon: Construct, identity: LoopIdentity): Loop {
    const loop = new Loop(identity);
    Object.defineProperty(axon, LOOP, { value: loop });
    return loop;
  }

  public static of(construct: Construct): Loop {
    for (let scope: Construct | undefined = construct; scope !== undefined; scope = scope.node.scope as Construct | undefined) {
      const loop = (scope as { [LOOP]?: Loop })[LOOP];
      if (loop !== undefined) {
        return loop;
      }
    }
    throw invalid('no-axon', 'scope', construct.node.path, 'must lie in an axon', "make it with an 'Axon' as its scope, directly or indirectly");
  }

  public revision = 0;
  private readonly taskParts = new Room<TaskPart>();
  private readonly modelParts = new Room<ModelPart>();
  private readonly sensorParts = new Room<SensorPart>();
  private readonly others: Part[] = [];
  private before?: { readonly revision: number; readonly stages: Map<string, Set<string>> };

  private constructor(public readonly identity: LoopIdentity) {}

  public get tasks(): readonly TaskPart[] {
    return this.taskParts.sorted;
  }

  public get models(): readonly ModelPart[] {
    return this.modelParts.sorted;
  }

  public get sensors(): readonly SensorPart[] {
    return this.sensorParts.sorted;
  }

  /** Every part, room by room. */
  public get parts(): Part[] {
    return [...this.tasks, ...sortedBy(this.others, (part) => part.identifier), ...this.models, ...this.sensors];
  }

  public task(identifier: string): TaskPart | undefined {
    return this.taskParts.get(identifier);
  }

  public model(identifier: string): ModelPart | undefined {
    return this.modelParts.get(identifier);
  }

  public addTask(part: TaskPart): void {
    this.add(this.taskParts, 'task', part);
  }

  public addModel(part: ModelPart): void {
    this.add(this.modelParts, 'model', part);
  }

  public addSensor(part: SensorPart): void {
    this.add(this.sensorParts, 'sensor', part);
  }

  /** The tasks of the stages right before a task, over all runs that it is part of. */
  public stageBefore(task: string): ReadonlySet<string> {
    if (this.before?.revision !== this.revision) {
      this.before = { revision: this.revision, stages: this.collectStages() };
    }
    return this.before.stages.get(task) ?? new Set();
  }

  /** A part that others only know through the one it belongs to, such as a tuner. */
  public addOther(part: Part): void {
    this.others.push(part);
    this.revision++;
  }

  /** The identifier for a part of that name, within its budget. */
  public identifierFor(room: string, userName: string): string {
    return partIdentifier(this.identity.name, room, userName);
  }

  private collectStages(): Map<string, Set<string>> {
    const stages = new Map<string, Set<string>>();
    for (const { stages: run } of this.sensors) {
      run.forEach((stage, index) => stage.forEach(({ name }) => {
        const before = stages.get(name) ?? new Set();
        run[index - 1]?.filter((step) => step.kind === 'task').forEach((step) => before.add(step.name));
        stages.set(name, before);
      }));
    }
    return stages;
  }

  private add<T extends Part>(room: Room<T>, noun: string, part: T): void {
    const there = room.get(part.identifier);
    if (there !== undefined) {
      throw invalid('duplicate', 'name', part.userName, there.userName === part.userName
        ? `is the name of another ${noun} of axon '${this.identity.name}'`
        : `becomes '${part.identifier}', and so does the ${noun} '${there.userName}' of axon '${this.identity.name}'`, 'rename one of them');
    }
    room.add(part);
    this.revision++;
  }
}

/** Parts of one kind by identifier. They are asked for in order by each other, so the order is kept until it changes. */
class Room<T extends Part> {
  private readonly parts = new Map<string, T>();
  private order?: readonly T[];

  public get sorted(): readonly T[] {
    this.order ??= sortedBy(this.parts.values(), (part) => part.identifier);
    return this.order;
  }

  public get(identifier: string): T | undefined {
    return this.parts.get(identifier);
  }

  public add(part: T): void {
    this.parts.set(part.identifier, part);
    this.order = undefined;
  }
}
