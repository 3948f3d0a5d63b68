import { LABEL, MANAGED_BY } from '../contract/constants';
import { Labels } from '../crd/kube';
import { Loop } from '../loop/loop';

/** The labels of an object of an axon, and of the pods that it makes: those of the user, and those of the loop, which selectors use. */
export function axonLabels(loop: Loop, component: string): Labels {
  return { ...loop.labels, ...loopLabels(loop, component) };
}

/** The labels of an object that Prometheus or Alertmanager select by the labels of the platform. */
export function monitoringLabels(loop: Loop, component: string): Labels {
  return { ...loop.labels, ...loop.platform.monitoringLabels, ...loopLabels(loop, component) };
}

/** The labels of an object besides those of the user. */
export function loopLabels({ name }: Loop, component: string): Labels {
  return { ...ownerLabels(name, component), [LABEL.AXON]: name, [LABEL.COMPONENT]: component };
}

/** The labels of an object of the platform, and of the pods that it makes. */
export function platformLabels(component: string): Labels {
  return { ...ownerLabels('myelin', component), [LABEL.COMPONENT]: component };
}

/** The labels of an object that several axons declare with the same content. */
export function sharedLabels(component: string): Labels {
  return ownerLabels('myelin', component);
}

/** Whether several axons can declare an object. */
export function isShared(labels: Labels): boolean {
  return labels[LABEL.AXON] === undefined;
}

function ownerLabels(owner: string, component: string): Labels {
  return { [LABEL.NAME]: component, [LABEL.PART_OF]: owner, [LABEL.MANAGED_BY]: MANAGED_BY };
}
