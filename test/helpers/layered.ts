import { Chart } from 'cdk8s';
import { Axon, ContainerTask, Sensor, Step, Storage } from '../../src';
import { importedClaim } from './imported-claim';
import { READY } from './loop';
import { testChart } from './manifests';

/** One sensor that runs layers of tasks one after the other, the tasks of a layer side by side. */
export function layered(layers: number, width: number): Chart {
  const chart = testChart();
  const axon = new Axon(chart, 'layers', { storage: Storage.fromClaim(importedClaim('store')) });
  const run = Array.from({ length: layers }, (_, layer) => Step.parallel(
    ...Array.from({ length: width }, (__, index) => new ContainerTask(axon, `task-${layer}-${index}`, { image: READY }))));
  new Sensor(axon, 'start', { steps: run });
  return chart;
}
