import { App, Chart } from 'cdk8s';
import { AxonFile, Finding } from 'cdk8s-myelin';
import { counted, isError, shownFinding } from './findings.js';
import { readInputs } from './inputs.js';
import { Outcome } from './outcome.js';
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
  const findings = readInputs(files).flatMap(({ name, text }): Finding[] => {
    const file = new AxonFile(text, name, { namespace, lenient, strict });
    file.axonNames.forEach((axon, index) => file.make(new Chart(new App(), `chart-${index}`), axon));
    return file.findings;
  });
  if (format === 'json') {
    terminal.out(JSON.stringify({ findings }, undefined, 2));
  } else {
    findings.forEach((finding) => terminal.out(shownFinding(finding, terminal, 'stdout')));
    terminal.out(findings.length === 0 ? `${files.length === 1 ? 'the file is' : `all ${files.length} files are`} fine` : counted(findings));
  }
  return findings.some(isError) ? Outcome.FOUND : Outcome.DONE;
}
