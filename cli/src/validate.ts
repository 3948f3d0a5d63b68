import { App, Chart } from 'cdk8s';
import { AxonFile, type AxonFileProblem } from 'cdk8s-myelin';
import { readInputs } from './inputs.js';
import { Outcome } from './outcome.js';
import { counted, isError, shownProblem } from './problems.js';
import { Terminal } from './terminal.js';

interface ValidateOptions {
  readonly format: 'text' | 'json';
  readonly namespace?: string;
  readonly lenient?: boolean;
  readonly strict?: boolean;
}

/** Says all that is wrong or odd in axon files. Writes nothing. */
export async function validate(files: string[], options: ValidateOptions, terminal: Terminal): Promise<Outcome> {
  const { format, namespace, lenient, strict } = options;
  const inputs = readInputs(files);
  const axonFiles = inputs.map(({ name, text }) => new AxonFile(text, name, { namespace, lenient, strict }));
  for (const file of axonFiles) {
    file.axonNames.forEach((axon, index) => file.make(new Chart(new App(), `chart-${index}`), axon));
  }
  const conflicts = AxonFile.compareNames(axonFiles);
  const problems = axonFiles.flatMap(({ problems: own }, index) => {
    const others = conflicts.filter(({ file }) => file === inputs[index].name);
    return [...own, ...others].sort(byPlace);
  });
  if (format === 'json') {
    terminal.out(JSON.stringify({ problems }, undefined, 2));
  } else {
    problems.forEach((problem) => terminal.out(shownProblem(problem, terminal, 'stdout')));
    terminal.out(problems.length === 0 ? `${files.length === 1 ? 'the file is' : `all ${files.length} files are`} fine` : counted(problems));
  }
  return problems.some(isError) ? Outcome.FOUND : Outcome.DONE;
}

function byPlace(a: AxonFileProblem, b: AxonFileProblem): number {
  return a.line - b.line || a.column - b.column;
}
