import { callFunction } from './functions.js';
import { parseTemplate, type Piece, type Pipeline, type Term } from './parse.js';
import { isMap, plain, truth, typeName, type GoValue } from './values.js';

/**
 * A template of Go with sprig, as the parameters of triggers have them: pipelines, variables, if and with.
 * @see https://pkg.go.dev/text/template
 */
export class GoTemplate {
  private readonly pieces: readonly Piece[];

  /** Fails if it is no template, or uses what is not supported. */
  constructor(source: string) {
    this.pieces = parseTemplate(source);
  }

  /** The text for a value of `.`. Fails as Go does, say when a function gets what it does not take. */
  execute(dot: GoValue): string {
    return run(this.pieces, dot, [new Map([['$', dot]])]);
  }
}

type Variables = Map<string, GoValue>[];

function run(pieces: readonly Piece[], dot: GoValue, variables: Variables): string {
  let text = '';
  for (const piece of pieces) {
    if (piece.kind === 'text') {text += piece.text;} else if (piece.kind === 'action') {
      const value = evaluate(piece.pipeline, dot, variables);
      if (piece.pipeline.variable === undefined) text += value === null ? '<no value>' : plain(value);
    } else {
      const inner = [...variables, new Map<string, GoValue>()];
      const value = evaluate(piece.pipeline, dot, inner);
      if (truth(value)) text += run(piece.yes, piece.kind === 'with' ? value : dot, inner);
      else text += run(piece.no, dot, inner);
    }
  }
  return text;
}

function evaluate({ variable, commands }: Pipeline, dot: GoValue, variables: Variables): GoValue {
  let value: GoValue | undefined;
  for (const command of commands) value = execute(command, dot, variables, value);
  if (variable?.declares) variables.at(-1)!.set(variable.name, value!);
  else if (variable !== undefined) scopeOf(variable.name, variables).set(variable.name, value!);
  return value!;
}

function execute([first, ...others]: readonly Term[], dot: GoValue, variables: Variables, piped: GoValue | undefined): GoValue {
  const { operand } = first!;
  if (operand.kind !== 'function') return termOf(first!, dot, variables);
  const lazily = [...others.map((term) => () => termOf(term, dot, variables)), ...(piped === undefined ? [] : [() => piped])];
  if (operand.name === 'and' || operand.name === 'or') return shortCircuit(operand.name, lazily);
  return callFunction(operand.name, lazily.map((argument) => argument()));
}

/** The first argument that decides, without looking at those after it. */
function shortCircuit(name: 'and' | 'or', terms: (() => GoValue)[]): GoValue {
  if (terms.length === 0) throw new Error(`wrong number of args for ${name}: want at least 1 got 0`);
  let value: GoValue = null;
  for (const term of terms) {
    value = term();
    if (truth(value) === (name === 'or')) break;
  }
  return value;
}

function termOf({ operand, fields }: Term, dot: GoValue, variables: Variables): GoValue {
  let value: GoValue | undefined;
  switch (operand.kind) {
    case 'constant':
      value = operand.value;
      break;
    case 'dot':
      value = dot;
      break;
    case 'variable':
      value = scopeOf(operand.name, variables).get(operand.name)!;
      break;
    case 'function':
      value = operand.name === 'and' || operand.name === 'or' ? shortCircuit(operand.name, []) : callFunction(operand.name, []);
      break;
    default:
      value = evaluate(operand.pipeline, dot, variables);
  }
  for (const field of fields) {
    // Below a key that is not there nothing is, without complaint; below null it is.
    if (value === undefined) break;
    if (value === null) throw new Error(`nil pointer evaluating interface {}.${field}`);
    if (!isMap(value)) throw new Error(`can't evaluate field ${field} in type ${typeName(value)}`);
    value = Object.hasOwn(value, field) ? value[field] : undefined;
  }
  return value ?? null;
}

function scopeOf(name: string, variables: Variables): Map<string, GoValue> {
  const scope = [...variables].reverse().find((each) => each.has(name));
  if (scope === undefined) throw new Error(`undefined variable "${name}"`);
  return scope;
}
