import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Manifest } from '../manifests/manifest';
import { error, Problem } from '../problem/problem';

const TAKEN = Symbol.for('cdk8s-myelin.taken');

/**
 * Records which construct makes which objects of a chart. Applied together, two objects of one name would overwrite
 * each other without a message. Other charts may be for other clusters.
 *
 * @param shared names of objects that several constructs may make with the same content
 */
export function claimNames(owner: Construct, manifests: readonly Manifest[], namespace: string, shared: readonly string[] = []): Problem[] {
  const chart = Chart.of(owner) as Chart & { [TAKEN]?: Map<string, Construct> };
  const taken = chart[TAKEN] ??= new Map();
  return manifests.flatMap(({ kind, name }) => {
    const claim = `${kind} ${namespace}/${name}`;
    const other = taken.get(claim);
    if (other === undefined || other === owner || shared.includes(name)) {
      taken.set(claim, owner);
      return [];
    }
    return [error(owner.node.path, 'duplicate', 'name', owner.node.id, `gives the object '${claim}', which '${other.node.path}' makes, too`, 'rename one of them')];
  });
}
