import type { NodePhase } from './types.js';

const RESULTS: Readonly<Record<string, (phase: NodePhase) => boolean>> = {
  Succeeded: (phase) => phase === 'Succeeded',
  Failed: (phase) => phase === 'Failed',
  Errored: (phase) => phase === 'Error',
  Skipped: (phase) => phase === 'Skipped',
  Omitted: (phase) => phase === 'Omitted',
  Daemoned: () => false,
  // Only a task that fans out has several results.
  AnySucceeded: () => false,
  AllFailed: () => false,
};

type Evaluate = (phaseOf: (task: string) => NodePhase) => boolean;

/** What a task of a DAG waits for: `a.Succeeded && (b.Failed || c)`, where a bare name means that it succeeded or was skipped. */
export class Depends {
  /** The condition of a task with `depends`, with the older `dependencies`, or with neither. */
  static of(task: { readonly depends?: string; readonly dependencies?: readonly string[] }): Depends | undefined {
    const text = task.depends || task.dependencies?.join(' && ');
    return text ? new Depends(text) : undefined;
  }

  /** Every task that is named, in order. */
  readonly tasks: readonly string[];
  private readonly evaluate: Evaluate;

  /** Fails if the text is no such condition. */
  constructor(text: string) {
    const parser = new Parser(text);
    this.evaluate = parser.parse();
    this.tasks = [...parser.tasks];
  }

  /** Whether the task is to run, once all the tasks have ended in these phases. */
  met(phaseOf: (task: string) => NodePhase): boolean {
    return this.evaluate(phaseOf);
  }
}

class Parser {
  readonly tasks = new Set<string>();
  private readonly tokens: string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = text.match(/&&|\|\||[!()]|[A-Za-z0-9][-A-Za-z0-9]*(?:\.[A-Za-z]+)?|\S/g) ?? [];
  }

  parse(): Evaluate {
    const result = this.or();
    if (this.at < this.tokens.length) this.fail();
    return result;
  }

  private or(): Evaluate {
    return this.list('||', () => this.and(), (terms) => (phaseOf) => terms.some((term) => term(phaseOf)));
  }

  private and(): Evaluate {
    return this.list('&&', () => this.not(), (terms) => (phaseOf) => terms.every((term) => term(phaseOf)));
  }

  private list(operator: string, next: () => Evaluate, join: (terms: Evaluate[]) => Evaluate): Evaluate {
    const terms = [next()];
    while (this.tokens[this.at] === operator) {
      this.at++;
      terms.push(next());
    }
    return terms.length === 1 ? terms[0]! : join(terms);
  }

  private not(): Evaluate {
    const token = this.tokens[this.at++];
    if (token === '!') {
      const term = this.not();
      return (phaseOf) => !term(phaseOf);
    }
    if (token === '(') {
      const inner = this.or();
      if (this.tokens[this.at++] !== ')') this.fail();
      return inner;
    }
    if (token === undefined || !/^[A-Za-z0-9]/.test(token)) this.fail();
    return this.task(token!);
  }

  private task(token: string): Evaluate {
    const [task, result] = token.split('.') as [string, string?];
    this.tasks.add(task);
    if (result === undefined) return (phaseOf) => RESULTS.Succeeded!(phaseOf(task)) || RESULTS.Skipped!(phaseOf(task));
    const test = RESULTS[result];
    if (test === undefined) throw new Error(`task result '${result}' for task '${task}' is invalid`);
    return (phaseOf) => test(phaseOf(task));
  }

  private fail(): never {
    throw new Error(`'depends' (${this.text}) is no condition over tasks`);
  }
}
