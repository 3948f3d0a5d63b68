import { IConstruct } from 'constructs';
import { LoopBuilder } from '../loop/builder';
import { AxonData } from '../loop/loop';
import { invalid } from '../problem/error';

const LOOP = Symbol.for('cdk8s-myelin.loop');

/** A construct with the builder of a loop: an axon. */
type LoopOwner = IConstruct & { readonly [LOOP]: LoopBuilder };

/** Attaches to an axon the builder that collects the declarations below it. */
export function attachLoopBuilder(axon: IConstruct, data: AxonData): LoopBuilder {
  const builder = new LoopBuilder(data);
  Object.defineProperty(axon, LOOP, { value: builder });
  return builder;
}

/** Whether a value is an axon, of this or another copy of the library. */
export function isLoopOwner(value: unknown): value is LoopOwner {
  return typeof value === 'object' && value !== null && LOOP in value;
}

/** The axon around a construct. */
export function loopOwnerOf(construct: IConstruct): LoopOwner {
  for (let scope: IConstruct | undefined = construct; scope !== undefined; scope = scope.node.scope) {
    if (isLoopOwner(scope)) {
      return scope;
    }
  }
  throw invalid('no-axon', 'scope', construct.node.path, 'is outside an axon', "create the construct with an 'Axon' as its scope, directly or indirectly");
}

/** The builder of the loop that a construct belongs to: that of the axon around it. */
export function loopBuilderOf(construct: IConstruct): LoopBuilder {
  return loopOwnerOf(construct)[LOOP];
}
