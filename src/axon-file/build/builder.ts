import { Construct } from 'constructs';
import { Axon } from '../../axon';
import { Report } from '../report';
import { attempt, Origin, tell } from './attempt';
import { DeclaredArtifact, DeclaredDeployer, DeclaredTask } from './declared';
import { Names } from './names';

/**
 * Makes the constructs of one axon, and knows of each where in the file it comes from.
 *
 * Whatever cannot be made is complained about where it stands and replaced by a stand-in where
 * others refer to it, so that one mistake causes one message. Where there is no stand-in either, the
 * builder is incomplete, and what only the whole loop can tell is not told.
 */
export class Builder {
  /** Something that others refer to is missing. */
  public incomplete = false;

  public readonly artifacts: Names<DeclaredArtifact>;
  public readonly tasks: Names<DeclaredTask>;
  public readonly deployers: Names<DeclaredDeployer>;

  private readonly origins = new Map<Construct, Origin>();

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
      this.origins.set(made, origin);
    }
    return made;
  }

  /** Says nothing more about a construct: it was made of less than the file says. */
  public excuse(part: Construct): void {
    this.origins.delete(part);
  }

  /**
   * Tells what is wrong with the loop as a whole.
   * @param whole what the axon itself was made of
   */
  public tellProblems(whole: Origin): void {
    for (const { severity, source, prop = '', message } of this.axon._problems()) {
      const origin = source === this.axon ? whole : this.origins.get(source);
      const local = ['tasks', 'tuners'].includes(source.node.scope?.node.id ?? '');
      if (origin !== undefined && (local || !this.incomplete)) {
        tell(this.report, severity, origin, message, prop);
      }
    }
  }
}
