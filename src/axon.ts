import { ApiObject, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { defaultRuntimeImage, namespaceOf } from './common/defaults';
import { attachLoopBuilder } from './common/loop-builder-of';
import { Manifests } from './common/manifests';
import { NamedContent } from './common/name-problems';
import { nameConflicts, namedContents } from './common/object-names';
import { emitWarning, stopping } from './common/warnings';
import { LoopBuilder } from './loop/builder';
import { problemsOf } from './loop/checks/checks';
import { derived, Loop } from './loop/loop';
import { accountName, axonIdentifier, parameterNameProblem, reservedAccounts } from './loop/names';
import { axonManifests } from './manifests/axon-manifests';
import { Manifest } from './manifests/manifest';
import { IPlatform } from './platform/platform';
import { resolvePlatform } from './platform/platform-attributes';
import { invalid, ProblemsError, requireValid } from './problem/error';
import { Problem, Severity } from './problem/problem';
import { textOf } from './problem/render';
import { Source } from './source/source';
import { Storage } from './storage/storage';
import { dnsLabelProblem } from './validate/dns';
import { refuseUnfit } from './validate/parameter-value';

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
   * The platform of the axon's namespace.
   * @default - an imported platform with the defaults of `PlatformAttributes`
   */
  readonly platform?: IPlatform;

  /**
   * The image with the runtime's programs.
   * @default - the runtime of this version of the library
   */
  readonly runtimeImage?: string;

  /**
   * The namespace of all objects of the axon. It is a part of the axon's addresses.
   * @default - the namespace of the platform, else that of the chart, else 'default'
   */
  readonly namespace?: string;
}

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

  /** Whether warnings are emitted as process warnings; a loader of files has a better place for them. @internal */
  _emitsWarnings = true;

  private readonly builder: LoopBuilder;
  private readonly objects: Manifests;
  private accepted?: Loop;
  private readonly errorsOf = derived((loop) => this.sentences(loop, 'error'));

  constructor(scope: Construct, id: string, props: AxonProps = {}) {
    super(scope, id);
    this.axonName = axonIdentifier(id);
    const { platform } = props;
    this.namespace = namespaceOf(this, props.namespace ?? platform?.namespace);
    if (platform?.namespace !== undefined && platform.namespace !== this.namespace) {
      throw invalid('other-namespace', 'platform', platform.namespace, `is in another namespace than the axon (${this.namespace}), which cannot use its event bus`,
        'use the platform of the namespace of the axon');
    }
    const parameters = { ...props.parameters };
    for (const name of Object.keys(parameters)) {
      requireValid('parameters', name, parameterNameProblem(name), { item: name });
      refuseUnfit(name, parameters[name]);
    }
    const account = props.serviceAccountName ?? accountName(this.axonName, 'task');
    requireValid('serviceAccountName', account, dnsLabelProblem(account));
    if (reservedAccounts(this.axonName).includes(account)) {
      throw invalid('reserved', 'serviceAccountName', account, "is the account of one of the loop's own steps, with its permissions", 'rename it');
    }
    this.builder = attachLoopBuilder(this, {
      path: this.node.path,
      name: this.axonName,
      namespace: this.namespace,
      platform: platform?._toData() ?? resolvePlatform(),
      storage: (props.storage ?? Storage.claim({ size: Size.gibibytes(10) }))._toData(this.axonName, this.namespace),
      source: props.source?._toData(),
      parameters,
      taskAccount: account,
      runtimeImage: props.runtimeImage ?? defaultRuntimeImage(),
    });
    this.objects = new Manifests(this, { owner: 'axon', namespace: this.namespace, render: () => this.manifests() });
    this.node.defaultChild = this.objects.request('WorkflowTemplate', this.axonName);
    this.node.addValidation({ validate: () => [...this.findErrors()] });
  }

  /** A reference to a parameter, for the value of an environment variable. */
  public parameter(name: string): string {
    if (!Object.hasOwn(this.builder.axon.parameters, name)) {
      throw invalid('not-found', 'name', name, `is no parameter of axon '${this.axonName}'`, 'declare it where the axon is made');
    }
    return `{{workflow.parameters.${name}}}`;
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
   * @param id   the object's name, without the hash in which the names of run-once Workflows end. Default: the axon's name
   */
  public manifest(kind: string, id?: string): ApiObject {
    return this.objects.request(kind, id ?? this.axonName);
  }

  /** The problems of what is declared so far. @internal */
  public _problems(): readonly Problem[] {
    return problemsOf(this.builder.loop);
  }

  /** The objects of what is declared so far, for the comparison of several files. @internal */
  public _contents(): readonly NamedContent[] {
    return namedContents(this.manifests());
  }

  /** Messages about what is odd but no error, worded like errors. Synthesis emits them as process warnings of type `MyelinWarning`. */
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
      [...(this._emitsWarnings ? found : []), ...conflicts].forEach((problem) => emitWarning(this, this.sentence(problem)));
      this.accepted = loop;
    }
    return this.objects.update().map((problem) => this.sentence(problem));
  }

  private nameConflicts(): Problem[] {
    const { axonName: name, namespace } = this;
    return nameConflicts({ construct: this, objects: this.objects, axon: { name, namespace } }, this.manifests());
  }

  /** The manifests of what is declared so far. */
  private manifests(): readonly Manifest[] {
    const { loop } = this.builder;
    const errors = this.errorsOf(loop);
    if (errors.length > 0) {
      throw new ProblemsError(`axon '${this.axonName}' has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}:\n  ${errors.join('\n  ')}`,
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
