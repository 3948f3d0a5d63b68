import fc from 'fast-check';
import { ContainerTask, Sensor } from '../../src';
import { loopBuilderOf } from '../../src/common/loop-builder-of';
import { problemsOf } from '../../src/loop/checks/checks';
import { Loop } from '../../src/loop/loop';
import { axonManifests } from '../../src/manifests/axon-manifests';
import { axonDescription } from '../helpers/arbitraries';
import { toConstructs } from '../helpers/description';
import { digitsLoop, emptyAxon, READY } from '../helpers/loop';
import { testChart } from '../helpers/manifests';

const anyLoop: fc.Arbitrary<Loop> = axonDescription.map((description) => loopBuilderOf(toConstructs(testChart(), description)).loop);

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

test('a loop is plain data: a copy of its values has the same problems and manifests', () => {
  fc.assert(fc.property(anyLoop, (loop) => {
    // A structured clone fails for functions and drops prototypes.
    const copy = structuredClone(loop);

    expect(copy).toStrictEqual(loop);
    expect(problemsOf(copy)).toEqual(problemsOf(loop));
    expect(axonManifests(copy)).toEqual(axonManifests(loop));
  }), { numRuns: 50 });
});

test('checks and manifests change nothing of a loop', () => {
  fc.assert(fc.property(anyLoop, (loop) => {
    frozen(loop);

    expect(() => [problemsOf(loop), axonManifests(loop)]).not.toThrow();
  }), { numRuns: 50 });
});

test('the same loop gives the same manifests', () => {
  const { axon } = digitsLoop();
  const { loop } = loopBuilderOf(axon);

  expect(axonManifests(loop)).toBe(axonManifests(loop));
});

test('a loop does not change with the maps and lists that a construct was given', () => {
  const { axon } = emptyAxon();
  const env: Record<string, string> = { LEVEL: 'low' };
  const args = ['--fast'];
  new ContainerTask(axon, 'work', { image: READY, env, args });

  env.LEVEL = 'high';
  args.push('--loud');

  expect(loopBuilderOf(axon).loop.tasks[0]).toMatchObject({ env: { LEVEL: 'low' }, args: ['--fast'] });
});

test('a loop does not change when more is declared', () => {
  const { axon, prepare } = digitsLoop();
  const before = loopBuilderOf(axon).loop;

  new Sensor(axon, 'again', { triggers: [prepare.succeeded()], steps: [new ContainerTask(axon, 'report', { image: READY })] });

  const identifiers = (loop: Loop) => loop.sensors.map(({ identifier }) => identifier);
  expect(identifiers(before)).toEqual(['decayed', 'start', 'trained']);
  expect(identifiers(loopBuilderOf(axon).loop)).toEqual(['again', 'decayed', 'start', 'trained']);
});
