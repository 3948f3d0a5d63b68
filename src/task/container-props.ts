import { IServiceAccount, SecretValue } from 'cdk8s-plus-27';
import { ComputeResources } from '../common/compute-resources';
import { existingAccount } from '../common/existing-account';
import { podData } from '../common/pod-data';
import { PodOptions } from '../common/pod-options';
import { resourcesData } from '../common/resources-data';
import { secretKeyOf } from '../common/secret-value';
import { Image } from '../image/image';
import { ContainerData } from '../loop/container';
import { AxonData } from '../loop/loop';
import { invalid } from '../problem/error';

/** Properties that tasks and model servers have in common: those of a container with user code. */
export interface ContainerProps {
  /** The image: ready, or built from source. */
  readonly image: Image;

  /**
   * Arguments of the command.
   * @default - those of the image
   */
  readonly args?: string[];

  /**
   * Environment variables. `{{workflow.parameters.NAME}}` in a value stands for a parameter of the axon.
   * @default - only the variables that the loop sets
   */
  readonly env?: Record<string, string>;

  /**
   * Environment variables whose values are in Secrets.
   * @default - none
   */
  readonly secretEnv?: Record<string, SecretValue>;

  /**
   * Requests and limits of the container.
   * @default - requests of 100m of CPU and 256Mi of memory, no limits. A resource of these that is set here keeps what is set
   */
  readonly resources?: ComputeResources;

  /**
   * Options of the pods. They merge over those of the axon.
   * @default - those of the axon
   */
  readonly pod?: PodOptions;

  /**
   * The service account of the pod: one that exists already in the namespace of the axon, or one that the app creates there with cdk8s-plus. The
   * axon grants the account of a task the permission that Argo Workflows requires.
   * @default - for a task, the account of the axon; for a model server, an account without permissions that the axon creates
   */
  readonly serviceAccount?: IServiceAccount;
}

/** The data of a container that its properties decide. @internal */
export function containerData(axon: AxonData, identifier: string, props: ContainerProps): Omit<ContainerData, 'path' | 'userName'> {
  const { image, args, env = {}, secretEnv = {}, resources, pod, serviceAccount } = props;
  if (image === undefined) {
    throw invalid('required', 'image', undefined, 'is required', "set it, for instance to 'Image.fromRegistry(…)'");
  }
  return {
    identifier,
    image: image._toData(axon, identifier),
    args,
    env,
    secretEnv: Object.fromEntries(Object.entries(secretEnv).map(([name, value]) => [name, secretKeyOf(`secretEnv.${name}`, value)])),
    resources: resources && resourcesData(resources),
    pod: podData(pod),
    serviceAccount: serviceAccount && existingAccount(axon, serviceAccount),
  };
}
