import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { error, Problem } from '../problem/problem';
import { Assembly } from './assembly';

const TAKEN = Symbol.for('cdk8s-myelin.taken');

/**
 * Notes which construct makes which objects of a chart: applied together, two objects of one name would
 * overwrite each other in silence. Other charts may be for other clusters. Returns a problem for each
 * name that is taken.
 *
 * @param shared names of objects that several may bring with the same content
 */
export function claimNames(owner: Construct, assembly: Assembly, shared: string[] = []): Problem[] {
  const chart = Chart.of(owner) as Chart & { [TAKEN]?: Map<string, Construct> };
  const taken = chart[TAKEN] ??= new Map();
  return assembly.names().flatMap((name) => {
    const other = taken.get(name);
    if (other === undefined || other === owner || shared.some((own) => name.endsWith(`/${own}`))) {
      taken.set(name, owner);
      return [];
    }
    return [error(owner.node.path, 'duplicate', 'name', owner.node.id, `gives the object '${name}', which '${other.node.path}' makes, too`, 'rename one of them')];
  });
}
