import { readFileSync } from 'fs';
import { join } from 'path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { requireValid } from '../problem/error';
import { dnsLabelProblem } from '../validate/dns';

/**
 * The namespace of the objects of an axon or a platform. Every object states it, because it is also a part of addresses: the objects would
 * not work in another namespace.
 */
export function namespaceOf(construct: Construct, given?: string): string {
  return statedNamespace(construct, given) ?? 'default';
}

/** The namespace that a property or the chart states. */
export function statedNamespace(construct: Construct, given?: string): string | undefined {
  const namespace = given ?? Chart.of(construct).namespace;
  if (namespace !== undefined) {
    requireValid('namespace', namespace, dnsLabelProblem(namespace));
  }
  return namespace;
}

/** The runtime image of this version of the library: constructs and runtime speak the same contract. */
export function defaultRuntimeImage(): string {
  image ??= `cdk8s-myelin/runtime:${JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')).version}`;
  return image;
}

let image: string | undefined;
