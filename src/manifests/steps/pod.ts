import { LABEL } from '../../contract/constants';
import { ArgoTemplate } from '../../crd/argo-workflows';
import { canonicalJson } from '../../loop/canonical';
import { Loop } from '../../loop/loop';
import { PodData } from '../../loop/pod';
import { metadataOf, placementOf, remainderOf, securityOf } from '../pod';
import { colocation } from './store';

/** Properties of the pod of a step. */
export interface StepPodProps {
  readonly pod?: PodData;
  /** Whether it mounts the store. */
  readonly store?: boolean;
  /** A patch of our own, YAML with one line or block for each field. */
  readonly patch?: string;
}

/** The fields of a template that shape its pod, beside container and volumes. */
export function stepPod(loop: Loop, { pod, store, patch = '' }: StepPodProps): Partial<ArgoTemplate> {
  const { labels, term } = store ? colocation(loop) : {};
  const remainder = Object.entries(remainderOf(pod, { [LABEL.AXON]: loop.name })).filter(([, value]) => value !== undefined);
  // Argo adds the patch of a template to that of its workflow. It has no other way to set these fields.
  const podSpecPatch = [patch, ...remainder.map(([field, value]) => `${field}: ${canonicalJson(value)}\n`)].join('');
  return {
    ...((labels ?? pod?.labels ?? pod?.annotations) && { metadata: metadataOf({ loop: labels }, pod) }),
    ...placementOf(pod, term),
    // A security context of a template takes the place of the workflow's.
    ...(pod?.spec?.securityContext && { securityContext: securityOf(pod) }),
    ...(podSpecPatch !== '' && { podSpecPatch }),
  };
}
