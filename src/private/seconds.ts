import { Duration } from 'cdk8s';
import { invalid } from '../problem/error';

/** A duration in the unit that manifests and documents count in. */
export function wholeSeconds(prop: string, duration: Duration): number {
  const milliseconds = duration.toMilliseconds({ integral: false });
  if (milliseconds % 1000 !== 0) {
    throw invalid('not-whole', prop, `${milliseconds} ms`, 'must be whole seconds', 'round it');
  }
  return milliseconds / 1000;
}
