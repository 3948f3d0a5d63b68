import { Construct } from 'constructs';
import { LoopBuilder } from '../loop/builder';
import { AxonData } from '../loop/loop';
import { invalid } from '../problem/error';

const LOOP = Symbol.for('cdk8s-myelin.loop');

/** Attaches to an axon the builder that collects what is declared below it. */
export function attachLoopBuilder(axon: Construct, data: AxonData): LoopBuilder {
  const builder = new LoopBuilder(data);
  Object.defineProperty(axon, LOOP, { value: builder });
  return builder;
}

/** The builder of the loop that a construct belongs to: that of the axon around it. */
export function loopBuilderOf(construct: Construct): LoopBuilder {
  for (let scope: Construct | undefined = construct; scope !== undefined; scope = scope.node.scope as Construct | undefined) {
    const builder = (scope as { [LOOP]?: LoopBuilder })[LOOP];
    if (builder !== undefined) {
      return builder;
    }
  }
  throw invalid('no-axon', 'scope', construct.node.path, 'must lie in an axon', "make it with an 'Axon' as its scope, directly or indirectly");
}
