import { Construct } from 'constructs';
import { Axon } from '../../axon';
import { Report } from '../report';
import { attempt, Origin, reportProblem } from './attempt';
import { DeclaredArtifact, DeclaredDeployer, DeclaredTask } from './declared';
import { Names } from './names';

/** Properties of an axon whose problems do not depend on its parts. */
const LOCAL = /^(labels|annotations|pod|stepPod)\b/;

/**
 * Makes the constructs of one axon, and knows of each where in the file it comes from.
 *
 * Whatever cannot be made is complained about where it stands and replaced by a stand-in where
 * others refer to it, so that one mistake causes one message. Where there is no stand-in either, the
 * builder is incomplete, and the problems of the whole loop are not reported.
 */
export class Builder {
  /** Something that others refer to is missing. */
  public incomplete = false;

  public readonly artifacts: Names<DeclaredArtifact>;
  public readonly tasks: Names<DeclaredTask>;
  public readonly deployers: Names<DeclaredDeployer>;

  /** By the path of the construct. */
  private readonly origins = new Map<string, Origin>();

  constructor(public readonly axon: Axon, public readonly report: Report) {
    this.artifacts = new Names('artifact', report);
    this.tasks = new Names('task', report);
    this.deployers = new Names('deployer', report);
  }

  /** A scope for one kind of parts: sensors may be called like tasks. */
  public room(name: string): Construct {
    return (this.axon.node.tryFindChild(name) as Construct | undefined) ?? new Construct(this.axon, name);
  }

  /** Makes something that a construct is made of. */
  public attempt<T>(origin: Origin, make: () => T): T | undefined {
    return attempt(this.report, origin, make);
  }

  /** Makes a construct; where that fails, nothing of it is left. */
  public attemptPart<T extends Construct>(origin: Origin, room: string, id: string, make: (scope: Construct) => T): T | undefined {
    const scope = this.room(room);
    const made = attempt(this.report, origin, () => make(scope));
    if (made === undefined) {
      scope.node.tryRemoveChild(id);
    } else {
      this.origins.set(made.node.path, origin);
    }
    return made;
  }

  /** Says nothing more about a construct: it was made of less than the file says. */
  public excuse(part: Construct): void {
    this.origins.delete(part.node.path);
  }

  /**
   * Reports the problems of the loop as a whole.
   * @param whole what the axon itself was made of
   */
  public reportProblems(whole: Origin): void {
    for (const problem of this.axon._problems()) {
      const ofAxon = problem.path === this.axon.node.path;
      const origin = ofAxon ? whole : this.origins.get(problem.path);
      const local = ofAxon ? LOCAL.test(problem.prop) : ['tasks', 'tuners'].includes(problem.path.split('/').at(-2) ?? '');
      if (origin !== undefined && (local || !this.incomplete)) {
        reportProblem(this.report, origin, problem);
      }
    }
  }
}
