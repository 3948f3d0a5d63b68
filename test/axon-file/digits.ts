import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { AxonFile, AxonFileProps } from '../../src';

const ROOT = join(__dirname, '..', '..');

/** The file of the example. */
export const DIGITS = readFileSync(join(ROOT, 'examples', 'digits', 'axon.yaml'), 'utf8');

/** A file of test/axon-file/fixtures. */
export function fixture(name: string): string {
  return readFileSync(join(__dirname, 'fixtures', name), 'utf8');
}

/** The digits file with some of its text replaced: what, by what, and so on. */
export function edited(...edits: string[]): string {
  let text = DIGITS;
  for (let i = 0; i < edits.length; i += 2) {
    if (!text.includes(edits[i])) {
      throw new Error(`the digits file does not hold ${JSON.stringify(edits[i])}`);
    }
    text = text.replace(edits[i], () => edits[i + 1]);
  }
  return text;
}

/** Reads a text and makes its axons, each in a chart of its own. */
export function make(text: string, props: AxonFileProps = {}): { file: AxonFile; charts: Chart[] } {
  const file = new AxonFile(text, 'axon.yaml', props);
  const charts = file.axonNames.flatMap((name) => {
    const chart = new Chart(new App(), 'chart');
    return file.make(chart, name) === undefined ? [] : [chart];
  });
  return { file, charts };
}

/** All that is told about a text, each as `line:column severity: message`. */
export function told(text: string, props: AxonFileProps = {}): string[] {
  return make(text, props).file.problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity}: ${message}`);
}

/** The objects of a text that is fine. */
export function objectsOf(text: string, props: AxonFileProps = {}): any[] {
  const { file, charts } = make(text, props);
  expect(file.problems.filter(({ severity }) => severity === 'error').map((problem) => AxonFile.format(problem))).toEqual([]);
  return charts.flatMap((chart) => chart.toJson());
}
