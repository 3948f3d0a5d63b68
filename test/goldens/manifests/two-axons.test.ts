import { Chart, Yaml } from 'cdk8s';
import { digitsLoop, smallLoop } from '../../helpers/loop';
import { testChart } from '../../helpers/manifests';
import { expectGolden } from '../golden';

const ACCOUNT = { serviceAccountName: 'ml-pods' };

/** The objects of a chart by identity, each as its YAML. */
function objects(chart: Chart): string[] {
  return chart.toJson().map((object) => Yaml.stringify(object));
}

test('two axons in one chart, which share a service account', () => {
  const chart = testChart();
  digitsLoop(ACCOUNT, chart, 'second');
  smallLoop(ACCOUNT, chart, 'first');

  expectGolden('manifests/two-axons.txt', chart.toJson().map(({ kind, metadata }) => `${kind} ${metadata.name}\n`).join(''));
});

test('an axon has the same objects with another axon beside it as alone', () => {
  const both = testChart();
  digitsLoop({}, both, 'second');
  smallLoop({}, both, 'first');

  expect(objects(both)).toEqual([...objects(digitsLoop({}, testChart(), 'second').chart), ...objects(smallLoop({}, testChart(), 'first').chart)]);
});

test('the order of two axons in a chart changes the order of the objects and nothing else', () => {
  const chart = testChart();
  digitsLoop({}, chart, 'second');
  smallLoop({}, chart, 'first');
  const turned = testChart();
  smallLoop({}, turned, 'first');
  digitsLoop({}, turned, 'second');

  expect(objects(turned).sort()).toEqual(objects(chart).sort());
});
