import { readFileSync } from 'fs';
import { join } from 'path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { requireValid } from '../problem/error';
import { dnsLabelProblem } from '../validate/dns';

/**
 * The namespace of an axon's or platform's objects. It is always written into them, because it is
 * also part of addresses: applied elsewhere they would not work, so they must refuse to be.
 */
export function namespaceOf(construct: Construct, given?: string): string {
  const namespace = given ?? Chart.of(construct).namespace ?? 'default';
  requireValid('namespace', namespace, dnsLabelProblem(namespace));
  return namespace;
}

/** The runtime image of this version of the library: constructs and runtime speak the same contract. */
export function defaultRuntimeImage(): string {
  image ??= `cdk8s-myelin/runtime:${JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')).version}`;
  return image;
}

let image: string | undefined;
