import fc from 'fast-check';
import { axonDescription, shuffledAxon, TAKEN_FOR_GRANTED, withKeysReversed } from './helpers/arbitraries';
import { AxonDescription, toConstructs, toGrowingConstructs } from './helpers/description';
import { platformChart } from './helpers/loop';
import { Manifest, synthesise, testChart, toYaml } from './helpers/manifests';
import { danglingReferences } from './helpers/references';

function objectsOf(description: AxonDescription, order: string[] = []): Manifest[] {
  const chart = testChart();
  toConstructs(chart, description, order);
  return synthesise(chart);
}

test('a valid axon synthesises, every reference resolves and its documents keep the contract', () => {
  fc.assert(fc.property(axonDescription, (description) => {
    const chart = testChart();
    const platform = platformChart(chart.node.scope, description.namespace);
    toConstructs(chart, description);

    expect(danglingReferences(synthesise(platform, chart), TAKEN_FOR_GRANTED)).toEqual([]);
  }), { numRuns: 100 });
});

test('the order of declaration and of keys does not show', () => {
  fc.assert(fc.property(shuffledAxon, ({ description, order }) => {
    expect(toYaml(objectsOf(withKeysReversed(description), order))).toEqual(toYaml(objectsOf(description)));
  }), { numRuns: 30 });
});

test('sensors that are declared empty and grow give the same manifests', () => {
  fc.assert(fc.property(axonDescription, (description) => {
    const chart = testChart();
    toGrowingConstructs(chart, description);

    expect(toYaml(synthesise(chart))).toEqual(toYaml(objectsOf(description)));
  }), { numRuns: 20 });
});
