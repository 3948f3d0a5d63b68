import { digitsLoop, platformChart, smallLoop } from './helpers/loop';
import { synthesise, testChart } from './helpers/manifests';
import { danglingReferences } from './helpers/references';

test('every reference of the digits loop and its platform resolves', () => {
  const chart = testChart();
  const platform = platformChart(chart.node.scope);
  digitsLoop({}, chart);

  expect(danglingReferences(synthesise(platform, chart))).toEqual([]);
});

test('every reference of an axon with one task resolves', () => {
  const chart = testChart();
  const platform = platformChart(chart.node.scope);
  smallLoop({}, chart);

  expect(danglingReferences(synthesise(platform, chart))).toEqual([]);
});
