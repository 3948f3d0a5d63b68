import { ContainerSecurity, PodSecurity } from '../crd/kube';

/**
 * What Pod Security `restricted` asks of a pod. The group owns the volumes, so that the
 * containers of one run can write into each other's folders.
 */
export const POD_SECURITY: PodSecurity = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  // Once is enough: going through a large store at each start of a pod would take minutes.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** What Pod Security `restricted` asks of every container. */
export const CONTAINER_SECURITY: ContainerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

/** Pods that act once or only listen have no business in the mesh; a label, because the annotation is deprecated. */
export const NO_SIDECAR: Readonly<Record<string, string>> = { 'sidecar.istio.io/inject': 'false' };
