import { Size } from 'cdk8s';
import { LoopBuilder } from '../../src/loop/builder';
import { SensorData } from '../../src/loop/sensor';
import { resolvePlatform } from '../../src/platform/platform-attributes';
import { Storage } from '../../src/storage/storage';

function builder(): LoopBuilder {
  return new LoopBuilder({
    path: 'small',
    name: 'small',
    namespace: 'default',
    platform: resolvePlatform(),
    storage: Storage.claim({ size: Size.gibibytes(1) })._toData('small', 'default'),
    parameters: { rows: '1' },
    taskAccount: { name: 'small-task', created: true },
    runtimeImage: 'runtime:1',
  });
}

function sensor(identifier: string): SensorData {
  return { path: `small/${identifier}`, identifier, userName: identifier, triggers: [], conditions: [], stages: [], parameters: [] };
}

test('a part that grows is in the next loop, and a loop that was handed out stays as it was', () => {
  const loops = builder();
  const part = loops.addSensor(sensor('start'));
  const before = loops.loop;

  part.update((data) => ({ ...data, triggers: [...data.triggers, { kind: 'rest', name: 'go' }] }));

  expect(before.sensors[0].triggers).toEqual([]);
  expect(loops.loop.sensors[0].triggers).toEqual([{ kind: 'rest', name: 'go' }]);
});

test('the loop is the same object until a part is added or grows', () => {
  const loops = builder();
  const part = loops.addSensor(sensor('start'));
  const { loop } = loops;

  expect(loops.loop).toBe(loop);
  part.update((data) => ({ ...data, parameters: ['rows'] }));
  expect(loops.loop).not.toBe(loop);
});

test('a list that was given to a part can be changed without an effect, before and after the part grows', () => {
  const loops = builder();
  const parameters = ['rows'];
  const part = loops.addSensor({ ...sensor('start'), parameters });
  const added = [{ kind: 'rest', name: 'go' } as const];
  part.update((data) => ({ ...data, triggers: added }));

  parameters.push('columns');
  added.pop();

  expect(loops.loop.sensors[0]).toMatchObject({ parameters: ['rows'], triggers: [{ name: 'go' }] });
});

test('an addition that is rejected changes nothing', () => {
  const loops = builder();
  const part = loops.addSensor(sensor('start'));
  const { loop } = loops;

  expect(() => part.update(() => {
    throw new Error('rejected');
  })).toThrow('rejected');
  expect(loops.loop).toBe(loop);
});

test('parameters of the axon can be added', () => {
  const loops = builder();
  const before = loops.loop;
  loops.updateAxon((axon) => ({ ...axon, parameters: { ...axon.parameters, columns: '2' } }));

  expect(before.parameters).toEqual({ rows: '1' });
  expect(loops.axon.parameters).toEqual({ rows: '1', columns: '2' });
  expect(loops.loop.parameters).toEqual({ rows: '1', columns: '2' });
});
