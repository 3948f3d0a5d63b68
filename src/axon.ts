import { ApiObject, Size } from 'cdk8s';
import { IServiceAccount } from 'cdk8s-plus-27';
import { Construct, IConstruct } from 'constructs';
import { AxonParameter } from './common/axon-parameter';
import { defaultRuntimeImage, statedNamespace } from './common/defaults';
import { existingAccount, userAccount } from './common/existing-account';
import { attachLoopBuilder, isLoopOwner, loopOwnerOf } from './common/loop-builder-of';
import { Manifests } from './common/manifests';
import { NamedContent } from './common/name-problems';
import { nameConflicts, namedContents } from './common/object-names';
import { podData, podLabels } from './common/pod-data';
import { PodOptions } from './common/pod-options';
import { emitWarning, hasReportedWarnings, stopping } from './common/warnings';
import { nearest } from './contract/nearest';
import { LoopBuilder } from './loop/builder';
import { problemsOf } from './loop/checks/checks';
import { AxonData, derived, Loop } from './loop/loop';
import { accountName, axonIdentifier, parameterNameProblem } from './loop/names';
import { axonManifests } from './manifests/axon-manifests';
import { Manifest } from './manifests/manifest';
import { IPlatform } from './platform/platform';
import { resolvePlatform } from './platform/platform-attributes';
import { invalid, ProblemsError, requireValid } from './problem/error';
import { phrase, prop } from './problem/phrase';
import { Problem, Severity } from './problem/problem';
import { textOf } from './problem/render';
import { Source } from './source/source';
import { Storage } from './storage/storage';
import { dnsLabelProblem } from './validate/dns';
import { refuseUnfit } from './validate/parameter-value';

/** Properties of an `Axon`. */
export interface AxonProps {
  /**
   * The name of the axon. In manifests it is in lower case with dashes.
   * @default - the id of the construct
   */
  readonly axonName?: string;

  /**
   * The code from which images are built, unless an image has its own source.
   * @default - none: every image is in a registry or has its own source
   */
  readonly source?: Source;

  /**
   * The volume that holds data and models.
   * @default - a claim of 10 GiB that pods of all nodes can mount
   */
  readonly storage?: Storage;

  /**
   * The default values of parameters, by name. Environment variables and arguments can refer to them, and sensors can let a REST call set them.
   * @default - none
   */
  readonly parameters?: Record<string, string>;

  /**
   * The service account of the pods of user code: one that exists already in the namespace of the axon, or one that the app creates there with
   * cdk8s-plus. The axon grants it the permission that Argo Workflows requires.
   * @default - an account that the axon creates
   */
  readonly serviceAccount?: IServiceAccount;

  /**
   * The name of the service account that the axon creates for the pods of user code. It has the permission that Argo Workflows requires.
   * @default - the name of the axon and 'task', joined by a dash
   */
  readonly serviceAccountName?: string;

  /**
   * The platform of the axon's namespace.
   * @default - an imported platform with the defaults of `PlatformAttributes`
   */
  readonly platform?: IPlatform;

  /**
   * Labels of every object and every pod of the axon, those that the runtime creates included. The account that `serviceAccountName` names,
   * its Role and its RoleBinding do not have them, because several axons can share that account.
   * @default - those of the chart
   */
  readonly labels?: Record<string, string>;

  /**
   * Annotations of every object that is synthesised. The volume and the claim of the store keep the annotations that protect them from pruning.
   * The account that `serviceAccountName` names, its Role and its RoleBinding do not have them, because several axons can share that account.
   * @default - none
   */
  readonly annotations?: Record<string, string>;

  /**
   * Options of all pods with user code: tasks, trials and model servers.
   * @default - none
   */
  readonly pod?: PodOptions;

  /**
   * Options of the pods of the loop's own steps (builds included), and of the axon's EventSource and Sensor. Argo Events has no field for their
   * runtime class and their spread, and they mount no volumes.
   * @default - none
   */
  readonly stepPod?: PodOptions;

  /**
   * The image with the programs of the runtime.
   * @default - the runtime of this version of the library
   */
  readonly runtimeImage?: string;

  /**
   * The namespace of all objects of the axon. It is a part of the axon's addresses.
   * @default - the namespace of the chart, else that of the platform, else 'default'
   */
  readonly namespace?: string;
}

/**
 * A machine-learning deployment loop: tasks that can run, sensors that start them, and models that are deployed as versions. Declare them
 * with the axon as their scope, in any order.
 *
 * The Kubernetes objects are created when the app is synthesised, from everything that was declared. Synthesis reports all errors at once.
 */
export class Axon extends Construct {
  /** Whether a value is an `Axon`. */
  public static isAxon(x: any): x is Axon {
    return isLoopOwner(x);
  }

  /** Finds the axon around a construct. It throws if there is none. */
  public static of(construct: IConstruct): Axon {
    return loopOwnerOf(construct) as IConstruct as Axon;
  }

  /** The name of the axon, as it is written. */
  public readonly axonName: string;

  /** Its identifier in manifests, records and addresses: lower case, with dashes. */
  public readonly identifier: string;

  /** The namespace of all objects of the axon. */
  public readonly namespace: string;

  private readonly builder: LoopBuilder;
  private readonly objects: Manifests;
  private accepted?: Loop;
  private readonly errorsOf = derived((loop) => this.sentences(loop, 'error'));

  constructor(scope: Construct, id: string, props: AxonProps = {}) {
    super(scope, id);
    this.axonName = props.axonName ?? id;
    this.identifier = axonIdentifier(this.axonName);
    const { platform } = props;
    this.namespace = statedNamespace(this, props.namespace) ?? platform?.namespace ?? 'default';
    if (platform?.namespace !== undefined && platform.namespace !== this.namespace) {
      throw invalid('other-namespace', 'platform', platform.namespace, `is in another namespace than the axon (${this.namespace}), which cannot use its event bus`,
        'use the platform of the namespace of the axon');
    }
    const parameters = { ...props.parameters };
    Object.entries(parameters).forEach(([name, value]) => checkParameter(name, value));
    this.builder = attachLoopBuilder(this, {
      path: this.node.path,
      name: this.identifier,
      namespace: this.namespace,
      platform: platform?._toData() ?? resolvePlatform(),
      storage: (props.storage ?? Storage.claim({ size: Size.gibibytes(10) }))._toData(this.identifier, this.namespace),
      source: props.source?._toData(),
      parameters,
      taskAccount: taskAccount(this.identifier, this.namespace, props),
      runtimeImage: props.runtimeImage ?? defaultRuntimeImage(),
      ...podLabels(this, props.labels),
      annotations: props.annotations,
      pod: podData(props.pod),
      stepPod: podData(props.stepPod),
    });
    this.objects = new Manifests(this, { owner: 'axon', namespace: this.namespace, render: () => this.manifests() });
    this.node.defaultChild = this.objects.request('WorkflowTemplate', this.identifier);
    this.node.addValidation({ validate: () => [...this.findErrors()] });
  }

  /**
   * Adds a parameter.
   *
   * @param name  the name of the parameter
   * @param value the default value
   */
  public addParameter(name: string, value: string): AxonParameter {
    if (Object.hasOwn(this.builder.axon.parameters, name)) {
      throw invalid('duplicate', 'name', name, `is the name of another parameter of axon '${this.identifier}'`, 'rename one of them');
    }
    checkParameter(name, value);
    this.builder.updateAxon((axon) => ({ ...axon, parameters: { ...axon.parameters, [name]: value } }));
    return AxonParameter._of(name);
  }

  /** Returns a parameter, to refer to its value. It throws if the axon has no parameter of that name. */
  public parameter(name: string): AxonParameter {
    const { parameters } = this.builder.axon;
    if (!Object.hasOwn(parameters, name)) {
      const near = nearest(name, Object.keys(parameters));
      throw invalid('not-found', 'name', name, `is no parameter of axon '${this.identifier}'`,
        near === undefined ? "add it to 'parameters', or call 'addParameter' before" : `did you mean '${near}'?`);
    }
    return AxonParameter._of(name);
  }

  /** The level of Pod Security that the axon's namespace can enforce: `restricted`, which every pod of an axon satisfies. */
  public get podSecurityLevel(): string {
    return 'restricted';
  }

  /**
   * Returns one of the axon's Kubernetes objects, to change what no property covers: a label, an annotation, any field.
   *
   * Call it before or after the declaration that creates the object; patches apply to the object as it is finally rendered. Synthesis fails
   * if no declaration creates the object, and a kind that this library never creates is rejected at once.
   *
   * Do not patch generated names, selectors or the documents in ConfigMaps: other objects and the runtime depend on them. Objects that are
   * created at run time (servers, trials, routes) are not part of the app.
   *
   * @param kind the object's kind, for instance `PrometheusRule`
   * @param id   the object's name, without the hash in which the names of run-once Workflows end. Default: the axon's identifier
   */
  public manifest(kind: string, id?: string): ApiObject {
    return this.objects.request(kind, id ?? this.identifier);
  }

  /** The problems of what is declared so far. @internal */
  public _problems(): readonly Problem[] {
    return problemsOf(this.builder.loop);
  }

  /** The objects of what is declared so far, for the comparison of several files. @internal */
  public _contents(): readonly NamedContent[] {
    return namedContents(this.manifests());
  }

  /** The warnings about the declarations so far. Synthesis emits them as process warnings of type `MyelinWarning`. */
  public get warnings(): string[] {
    return this.sentences(this.builder.loop, 'warning');
  }

  /**
   * cdk8s validates before it collects the objects, and once more for each chart. What was accepted is not checked again until something
   * else is declared.
   */
  private findErrors(): readonly string[] {
    const { loop } = this.builder;
    if (this.accepted !== loop) {
      const found = problemsOf(loop);
      const conflicts = found.some(({ severity }) => severity === 'error') ? [] : this.nameConflicts();
      const errors = stopping(this, [...found, ...conflicts]);
      if (errors.length > 0) {
        return errors.map((problem) => this.sentence(problem));
      }
      // A conflict of names has no place in the file of one axon.
      [...(hasReportedWarnings(this) ? [] : found), ...conflicts].forEach((problem) => emitWarning(this, this.sentence(problem)));
      this.accepted = loop;
    }
    return this.objects.update().map((problem) => this.sentence(problem));
  }

  private nameConflicts(): Problem[] {
    const { identifier: name, namespace } = this;
    return nameConflicts({ construct: this, objects: this.objects, axon: { name, namespace } }, this.manifests());
  }

  /** The manifests of what is declared so far. */
  private manifests(): readonly Manifest[] {
    const { loop } = this.builder;
    const errors = this.errorsOf(loop);
    if (errors.length > 0) {
      throw new ProblemsError(`axon '${this.identifier}' has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:\n  ${errors.join('\n  ')}`,
        problemsOf(loop).filter(({ severity }) => severity === 'error'));
    }
    return axonManifests(loop);
  }

  private sentences(loop: Loop, severity: Severity): string[] {
    return problemsOf(loop).filter((problem) => problem.severity === severity).map((problem) => this.sentence(problem));
  }

  private sentence(problem: Problem): string {
    // A child with the id 'Default' stands for the construct around it: the user never wrote that id.
    const inside = problem.path.slice(this.node.path.length + 1).replace(/\/Default$/, '');
    const text = textOf(problem, 'program');
    return inside === '' ? text : `${inside}: ${text}`;
  }
}

function checkParameter(name: string, value: string): void {
  requireValid('parameters', name, parameterNameProblem(name), { item: name });
  refuseUnfit(name, value);
}

/** The account of the pods of user code. */
function taskAccount(axon: string, namespace: string, { serviceAccount, serviceAccountName }: AxonProps): AxonData['taskAccount'] {
  if (serviceAccount !== undefined && serviceAccountName !== undefined) {
    throw invalid('exclusive', 'serviceAccount', serviceAccount.name,
      phrase`contradicts ${prop('serviceAccountName')} (${serviceAccountName}), the name of an account that the axon creates`, 'remove one of them');
  }
  if (serviceAccount !== undefined) {
    return { name: existingAccount({ name: axon, namespace }, serviceAccount), created: false };
  }
  const name = serviceAccountName ?? accountName(axon, 'task');
  userAccount(axon, 'serviceAccountName', name, dnsLabelProblem(name));
  return { name, created: true };
}
