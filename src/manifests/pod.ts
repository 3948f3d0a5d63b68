import { POD_SECURITY } from '../contract/constants';
import { joinedLabels, LabelSources } from '../contract/labels';
import { withPodAffinityTerm, withSpreadSelector } from '../contract/placement';
import { Container, KubePart, Labels, Placement, PodMetadata, PodSecurity, PodSpec, PodTemplate, PullSecret, SecretKeyRef } from '../crd/kube';
import { PodData } from '../loop/pod';

/*
 * Joins the pod options of a user with what the loop sets, so that both hold. The checks reject options that take a label, a volume or a
 * mount path of the loop.
 */

/** The metadata of a pod. */
export function metadataOf(labels: Omit<LabelSources, 'pod'>, { labels: pod, annotations }: PodData = {}): PodMetadata {
  return { labels: joinedLabels({ ...labels, pod }), annotations };
}

/**
 * Where a pod may run, and before which others.
 * @param term a required term about the pods beside it
 */
export function placementOf({ spec = {} }: PodData = {}, term?: KubePart): Placement {
  const { nodeSelector, affinity, tolerations, priorityClassName } = spec;
  return { nodeSelector, affinity: term === undefined ? affinity : withPodAffinityTerm(affinity, term), tolerations, priorityClassName };
}

/** The security context of a pod. */
export function securityOf({ spec = {} }: PodData = {}): PodSecurity {
  return { ...POD_SECURITY, ...spec.securityContext };
}

/** The fields of a pod that neither Argo Workflows nor Argo Events has a template for. */
export function remainderOf({ spec = {} }: PodData = {}, group: Labels): Pick<PodSpec, 'runtimeClassName' | 'topologySpreadConstraints'> {
  const { runtimeClassName, topologySpreadConstraints: spread } = spec;
  return { runtimeClassName, topologySpreadConstraints: spread && withSpreadSelector(spread, group) };
}

/** Properties of the pull secrets of pods. */
export interface PullSecretsProps {
  /** The login to the platform's registry, which the accounts that we create have. */
  readonly login?: SecretKeyRef;
  /** Whether a pod runs under an existing account, which does not have the login. */
  readonly existingAccount?: boolean;
}

/**
 * The pull secrets of pods. Kubernetes adds those of the account only to a pod that has none of its own, so the login to the platform's
 * registry is among them.
 */
export function pullSecretsOf(pods: readonly (PodData | undefined)[], { login, existingAccount }: PullSecretsProps = {}): PullSecret[] | undefined {
  const own = pods.flatMap((pod) => pod?.spec?.imagePullSecrets ?? []).map(({ name }) => name);
  const all = [...new Set([...own, ...(login && (existingAccount || own.length > 0) ? [login.name] : [])])];
  return all.length === 0 ? undefined : all.map((name) => ({ name }));
}

/** The options of a pod that the runtime makes, for a contract document. */
export function documentPod(pod: PodData | undefined, props: PullSecretsProps): PodData | undefined {
  const imagePullSecrets = pullSecretsOf([pod], props);
  return imagePullSecrets === undefined ? pod : { ...pod, spec: { ...pod?.spec, imagePullSecrets } };
}

/** What a platform sets in the pod of one of its objects. */
export interface OwnPodSpec extends Pick<PodSpec, 'restartPolicy' | 'serviceAccountName' | 'automountServiceAccountToken'> {
  readonly container: Container;
}

/**
 * The pod of a Job or a Deployment.
 * @param group labels of the pods that are spread together
 */
export function podTemplate(labels: Omit<LabelSources, 'pod'>, group: Labels, pod: PodData | undefined, { container, ...spec }: OwnPodSpec): PodTemplate {
  return {
    metadata: metadataOf(labels, pod),
    spec: {
      ...spec,
      ...placementOf(pod),
      ...remainderOf(pod, group),
      imagePullSecrets: pullSecretsOf([pod]),
      securityContext: securityOf(pod),
      containers: [{ ...container, volumeMounts: pod?.volumeMounts }],
      volumes: pod?.spec?.volumes,
    },
  };
}
