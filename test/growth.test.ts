import { performance } from 'perf_hooks';
import { layered } from './helpers/layered';

const WIDTH = 8;

/** The best of several: what else the machine does only ever adds. */
function milliseconds(layers: number): number {
  const times = [1, 2, 3].map(() => {
    const chart = layered(layers, WIDTH);
    const begin = performance.now();
    chart.toJson();
    return performance.now() - begin;
  });
  return Math.min(...times);
}

test('a graph of four times as many tasks takes about four times as long', () => {
  milliseconds(10);

  expect(milliseconds(200) / milliseconds(50)).toBeLessThan(8);
});

test('the text of a graph grows with its tasks, not with their square', () => {
  const length = (layers: number) => JSON.stringify(layered(layers, WIDTH).toJson()).length;

  expect(length(100) / length(50)).toBeLessThan(2.2);
});
