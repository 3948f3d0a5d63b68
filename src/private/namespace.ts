import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { dnsLabelProblem } from '../validate/dns';
import { refuse } from './errors';

/**
 * The namespace of an axon's or platform's objects. It is always written into them, because it is
 * also part of addresses: applied elsewhere they would not work, so they must refuse to be.
 */
export function namespaceOf(construct: Construct, given?: string): string {
  const namespace = given ?? Chart.of(construct).namespace ?? 'default';
  refuse('namespace', namespace, dnsLabelProblem(namespace));
  return namespace;
}
