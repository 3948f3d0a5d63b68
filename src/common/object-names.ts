import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Manifest } from '../manifests/manifest';
import { error, Problem } from '../problem/problem';

const OWNERS = Symbol.for('cdk8s-myelin.owners');

/**
 * Records which construct creates which objects of a chart, and returns the objects that another construct creates, too: applied
 * together, one would overwrite the other without a message. Charts are not compared, because they may be for different clusters.
 *
 * @param shared names of objects that several constructs may create with the same content
 */
export function registerNames(owner: Construct, manifests: readonly Manifest[], shared: readonly string[] = []): Problem[] {
  const chart = Chart.of(owner) as Chart & { [OWNERS]?: Map<string, Construct> };
  const owners = chart[OWNERS] ??= new Map();
  return manifests.flatMap(({ kind, name, namespace }) => {
    const object = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
    const other = owners.get(object);
    if (other === undefined || other === owner || shared.includes(name)) {
      owners.set(object, owner);
      return [];
    }
    return [error(owner.node.path, 'duplicate', 'name', owner.node.id, `gives the object '${object}', which '${other.node.path}' makes, too`, 'rename one of them')];
  });
}
