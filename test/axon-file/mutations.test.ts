import { dump, load } from 'js-yaml';
import { DIGITS, fixture, make } from './digits';

const FILES = {
  'digits': DIGITS,
  'churn-risk': fixture('churn-risk.yaml'),
  'ticket-triage': fixture('ticket-triage.yaml'),
  'everything': fixture('everything.yaml'),
};

/** What only people read: documented as such in docs/axon-file.md. */
const LABEL_ONLY = /\.(conditions|match)\.\d+\.name$/;

type Way = readonly (string | number)[];

/** Ways to every value of a file, those of lists and maps included. */
function ways(value: unknown, way: Way = []): Way[] {
  if (value === null || typeof value !== 'object') {
    return [way];
  }
  const inside = Array.isArray(value)
    ? value.map((item, index) => ways(item, [...way, index]))
    : Object.entries(value).map(([key, item]) => ways(item, [...way, key]));
  return [...(way.length > 0 ? [way] : []), ...inside.flat()];
}

function at(root: any, way: Way): any {
  return way.reduce((value, key) => value[key], root);
}

function mutated(text: string, way: Way, change: (parent: any, key: string | number) => void): string {
  const root: any = load(text);
  change(at(root, way.slice(0, -1)), way[way.length - 1]);
  return dump(root);
}

/** What came of a text: what was found in it, each with its place, and the manifests. */
function outcome(text: string): { problems: string[]; output: string } {
  const { file, charts } = make(text);
  const problems = file.problems.map(({ line, column, message }) => {
    expect([line, column].every((number) => number >= 1)).toBe(true);
    return message;
  });
  return { problems, output: JSON.stringify(charts.map((chart) => chart.toJson())) };
}

function another(value: unknown): unknown {
  switch (typeof value) {
    case 'number': return value + 1;
    case 'boolean': return !value;
    default: return `${String(value)}x`;
  }
}

describe.each(Object.entries(FILES))('%s', (_name, text) => {
  const root = load(text);
  const before = outcome(dump(root));
  const all = ways(root);

  test('a misspelt key is refused or told, wherever it stands', () => {
    const silent = all.filter((way) => typeof way[way.length - 1] === 'string').filter((way) => {
      const after = outcome(mutated(text, way, (parent, key) => {
        parent[`${key}x`] = parent[key];
        delete parent[key];
      }));
      return after.problems.length <= before.problems.length && after.output === before.output;
    });
    expect(silent.map((way) => way.join('.'))).toEqual([]);
  });

  test('another value is refused, told, or changes the manifests', () => {
    const silent = all.filter((way) => at(root, way) === null || typeof at(root, way) !== 'object').filter((way) => {
      const after = outcome(mutated(text, way, (parent, key) => {
        parent[key] = another(parent[key]);
      }));
      return JSON.stringify(after) === JSON.stringify(before);
    });
    expect(silent.map((way) => way.join('.')).filter((way) => !LABEL_ONLY.test(way))).toEqual([]);
  });
});
