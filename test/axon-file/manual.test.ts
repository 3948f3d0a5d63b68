import { readFileSync } from 'fs';
import { join } from 'path';
import { dump, load } from 'js-yaml';
import { objectsOf, told } from './digits';

const MANUAL = readFileSync(join(__dirname, '..', '..', 'docs', 'axon-file.md'), 'utf8');
const [first, ...pieces] = [...MANUAL.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => load(text) as any);

/** One axon of all pieces: lists go on, maps are joined. */
function joined(a: any, b: any): any {
  if (Array.isArray(a) && Array.isArray(b)) {
    return [...a, ...b];
  }
  if (typeof a !== 'object' || typeof b !== 'object') {
    return b;
  }
  const both = Object.keys(a).filter((key) => key in b).map((key) => [key, joined(a[key], b[key])]);
  return { ...a, ...b, ...Object.fromEntries(both) };
}

test('the first axon of the manual is fine', () => {
  expect(told(dump(first))).toEqual([]);
});

test('the pieces of the manual are parts of one axon, which is fine', () => {
  const axon = pieces.reduce(joined, { ...first, metadata: { name: 'churn' }, spec: {} });

  expect(told(dump(axon))).toEqual([]);
  expect(objectsOf(dump(axon)).length).toBeGreaterThan(30);
});
