// Claim: composing N axons costs at most twice what raw cdk8s takes to write the very same objects, and
// grows with N; a run of 50 stages of 8 tasks takes less than 200 ms.
// Both sides are measured in one process, in turn, several rounds; ratios of medians.
// usage: npm run bench:synth [-- N…]
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { cpus } from 'node:os';

const require = createRequire(import.meta.url);
const { ApiObject, App, Chart, Yaml } = require('cdk8s');
const { digits, layers } = require('./axons.cjs');

const sizes = process.argv.slice(2).map(Number);
const rounds = (n) => (n >= 1000 ? 3 : n >= 100 ? 5 : 15);

console.log(`${cpus().length} × ${cpus()[0].model}, Node ${process.version}`);
console.log('axons  objects     raw ms    ours ms  ratio  ours ms/axon');
for (const n of sizes.length > 0 ? sizes : [1, 10, 100, 1000]) {
  const objects = compose(n).toJson();
  const [raw, ours] = [[], []];
  for (let round = 0; round < rounds(n); round++) {
    raw.push(time(() => Yaml.stringify(...rawChart(objects).toJson())));
    ours.push(time(() => Yaml.stringify(...compose(n).toJson())));
  }
  const [r, o] = [median(raw), median(ours)];
  console.log([String(n).padStart(5), String(objects.length).padStart(8), r.toFixed(1).padStart(10), o.toFixed(1).padStart(10),
    (o / r).toFixed(2).padStart(6), (o / n).toFixed(2).padStart(13)].join(' '));
}
const graph = Array.from({ length: 9 }, () => time(() => layers(chart(), 50, 8).toJson()));
console.log(`a run of 50 stages of 8 tasks: ${median(graph).toFixed(1)} ms to objects`);

function compose(n) {
  const scope = chart();
  for (let i = 0; i < n; i++) {
    digits(scope, `digits-${i}`);
  }
  return scope;
}

function rawChart(objects) {
  const scope = chart();
  objects.forEach((object, i) => new ApiObject(scope, `object-${i}`, object));
  return scope;
}

function chart() {
  return new Chart(new App(), 'chart', { namespace: 'ml' });
}

function time(action) {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
