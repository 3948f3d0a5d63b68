import { Manifest } from '../manifests';
import { walkContract } from './contract';
import { walkEvents } from './events';
import { Elsewhere, Inventory } from './inventory';
import { walkMonitoring } from './monitoring';
import { walkNames } from './names';
import { walkNetwork } from './network';
import { walkPods } from './pods';
import { walkPermissions } from './rbac';
import { walkWorkflows } from './workflows';

export { validator } from './contract';
export type { Elsewhere } from './inventory';

/**
 * Everything that an object says about another one, or about what a controller makes of it, and that
 * is not so: one sentence each. Nobody refuses such objects when they are applied; they fail later, mostly in a log.
 *
 * @param objects   all that is applied together, the platform's included
 * @param elsewhere what exists already
 */
export function danglingReferences(objects: Manifest[], elsewhere: Elsewhere = {}): string[] {
  const inventory = new Inventory(objects, elsewhere);
  [walkNames, walkWorkflows, walkEvents, walkMonitoring, walkNetwork, walkPermissions, walkPods, walkContract].forEach((walk) => walk(inventory));
  return inventory.findings;
}
