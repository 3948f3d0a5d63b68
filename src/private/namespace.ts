import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { broken } from './errors';

/**
 * The namespace of an axon's or platform's objects. It is always written into them, because it is
 * also part of addresses: applied elsewhere they would not work, so they must refuse to be.
 */
export function namespaceOf(construct: Construct, given?: string): string {
  const namespace = given ?? Chart.of(construct).namespace ?? 'default';
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    throw broken('namespace', namespace, 'must be a Kubernetes name: lower case letters, digits and dashes, at most 63', 'correct it');
  }
  return namespace;
}
