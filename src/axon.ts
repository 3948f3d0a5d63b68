import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { PlatformSettings, resolvePlatform } from './common/platform-settings';
import { Assembly } from './private/assembly';
import { claimNames } from './private/claim-names';
import { Loop } from './private/loop';
import { axonIdentifier } from './private/names';
import { namespaceOf } from './private/namespace';
import { refuseUnfit } from './private/parameter-value';
import { defaultRuntimeImage } from './private/version';
import { invalid, requireValid } from './problem/error';
import { either } from './problem/phrase';
import { error, Problem } from './problem/problem';
import { textOf } from './problem/render';
import { contributeRootRoute } from './routing/root-route';
import { contributeAlerts } from './sensing/alert-objects';
import { contributeAxonDocument } from './sensing/axon-document';
import { contributeEvents } from './sensing/event-objects';
import { contributeNetwork } from './sensing/network-objects';
import { Source } from './source/source';
import { contributeClaim } from './storage/claim';
import { Storage } from './storage/storage';
import { dnsLabelProblem } from './validate/dns';
import { contributeWorkflows } from './workflow/workflow-template';

/** What an axon can be given. */
export interface AxonProps {
  /**
   * The code that images are built from, where they do not name their own.
   * @default - none: every image is ready, or names its source
   */
  readonly source?: Source;

  /**
   * Where data and models are kept.
   * @default - a claim of 10 GiB that pods of all nodes can mount
   */
  readonly storage?: Storage;

  /**
   * Parameters that the variables of tasks can refer to, by name; what a call may set is up to its sensor.
   * @default - none
   */
  readonly parameters?: Record<string, string>;

  /**
   * The service account of the pods that run the user's code. It is made, with the least that they need.
   * @default - the axon's name and 'task', joined by a dash
   */
  readonly serviceAccountName?: string;

  /**
   * What the axon needs to know of the cluster; `Platform.settings` has it.
   * @default - the defaults of `PlatformSettings`
   */
  readonly platform?: PlatformSettings;

  /**
   * The image with the runtime's programs.
   * @default - the runtime of this version of the library
   */
  readonly runtimeImage?: string;

  /**
   * The namespace of everything that the axon makes. It is part of the axon's addresses.
   * @default - the chart's; 'default' where it has none
   */
  readonly namespace?: string;
}

const OUR_PARAMETERS = ['event', 'delivery'];
/** The id of what holds the objects; no name that a user would give. */
const OBJECTS = '~objects';
const OUR_ACCOUNTS = ['deploy', 'emit', 'events', 'gate', 'sensor', 'serve', 'sweep', 'tune'];

/**
 * A machine-learning deployment loop: tasks that can run, sensors that say when, and models that
 * are deployed as versions. Declare them with the axon as their scope, in any order.
 *
 * The Kubernetes objects are made when the app is synthesised, out of all that was declared; what is
 * wrong is reported then, all at once.
 */
export class Axon extends Construct {
  /** Its name in manifests, records and addresses. */
  public readonly axonName: string;

  /** The namespace of everything that it makes. */
  public readonly namespace: string;

  /** @internal */
  readonly _loop: Loop;

  /** Whether warnings go to the process; who made the axon may have a better place for them. @internal */
  _tellsWarnings = true;

  private rendered?: number;
  private clashes: string[] = [];

  constructor(scope: Construct, id: string, props: AxonProps = {}) {
    super(scope, id);
    this.axonName = axonIdentifier(id);
    this.namespace = namespaceOf(this, props.namespace);
    const of = props.platform?.namespace;
    if (of !== undefined && of !== this.namespace) {
      throw invalid('other-namespace', 'platform', of, `lies in another namespace than the axon (${this.namespace}), which could not use its event bus`, 'give both the same');
    }
    const parameters = { ...props.parameters };
    for (const name of Object.keys(parameters)) {
      if (!/^[A-Za-z_][-A-Za-z0-9_]*$/.test(name)) {
        throw invalid('name-format', 'parameters', name, 'must be letters, digits, dashes and underscores, with a letter first', 'rename it', { item: name });
      }
      refuseUnfit(name, parameters[name]);
      if (OUR_PARAMETERS.includes(name)) {
        throw invalid('reserved', 'parameters', name, 'is a parameter that every run has', 'rename it', { item: name });
      }
    }
    const account = props.serviceAccountName ?? `${this.axonName}-task`;
    requireValid('serviceAccountName', account, dnsLabelProblem(account));
    if (OUR_ACCOUNTS.some((own) => account === `${this.axonName}-${own}`)) {
      throw invalid('reserved', 'serviceAccountName', account, "is the account of one of the loop's own steps, with its permissions", 'rename it');
    }
    this._loop = Loop.attach(this, {
      name: this.axonName,
      namespace: this.namespace,
      platform: resolvePlatform(props.platform),
      storage: (props.storage ?? Storage.claim({ size: Size.gibibytes(10) }))._resolve(this.axonName, this.namespace),
      source: props.source,
      parameters,
      taskAccount: account,
      runtimeImage: props.runtimeImage ?? defaultRuntimeImage(),
    });
    this.node.addValidation({ validate: () => this.objectsOrErrors() });
  }

  /** A reference to a parameter, for the value of an environment variable. */
  public parameter(name: string): string {
    if (!Object.hasOwn(this._loop.identity.parameters, name)) {
      throw invalid('not-found', 'name', name, `is no parameter of axon '${this.axonName}'`, 'declare it where the axon is made');
    }
    return `{{workflow.parameters.${name}}}`;
  }

  /** The level of Pod Security that the axon's namespace can enforce: `restricted`, which every pod of an axon satisfies. */
  public get podSecurityLevel(): string {
    return 'restricted';
  }

  /** Everything that is odd or wrong with the axon as declared so far. @internal */
  public _problems(): Problem[] {
    const found = this._loop.parts.flatMap((part) => part.problems());
    if (this._loop.sensors.length === 0) {
      found.push(error(this.node.path, 'no-sensors', 'sensors', this.axonName, 'are none, so nothing would ever run', either('add a Sensor', 'add a sensor')));
    }
    return found;
  }

  /** What is odd but no error, in the words in which an error would come. Synthesis tells the process, as warnings of type `MyelinWarning`. */
  public get warnings(): string[] {
    return this._problems().filter((problem) => problem.severity === 'warning').map((problem) => this.sentence(problem));
  }

  /** cdk8s asks before it collects the objects, and once for each chart: they are made again only when something was added. */
  private objectsOrErrors(): string[] {
    if (this.rendered === this._loop.revision) {
      return this.clashes;
    }
    const errors = this._problems().filter((problem) => problem.severity === 'error');
    return errors.length === 0 ? this.render() : errors.map((problem) => this.sentence(problem));
  }

  /** Makes the objects; returns the names that another axon of the app has taken. */
  private render(): string[] {
    this.node.tryRemoveChild(OBJECTS);
    const assembly = new Assembly(this.namespace, this.axonName, this._loop.identity.platform);
    this._loop.parts.forEach((part) => part.contribute(assembly));
    contributeClaim(assembly, this._loop.identity.storage.claim);
    contributeEvents(assembly, this._loop);
    contributeAlerts(assembly, this._loop);
    contributeNetwork(assembly, this._loop);
    contributeRootRoute(assembly, this._loop);
    contributeWorkflows(assembly, this._loop);
    contributeAxonDocument(assembly, this._loop);
    assembly.into(new Construct(this, OBJECTS));
    if (this._tellsWarnings) {
      this.warnings.forEach((warning) => process.emitWarning(`${this.node.path}: ${warning}`, { type: 'MyelinWarning' }));
    }
    this.rendered = this._loop.revision;
    this.clashes = claimNames(this, assembly, [this._loop.identity.taskAccount]).map((problem) => this.sentence(problem));
    return this.clashes;
  }

  private sentence(problem: Problem): string {
    const inside = problem.path.slice(this.node.path.length + 1);
    const text = textOf(problem, 'program');
    return inside === '' ? text : `${inside}: ${text}`;
  }
}
