import * as fc from 'fast-check';
import { analyse, carries, children, Expr, parse, walk } from '../../src/promql';
import { anyText, brokenText, vectorText } from './arbitraries';

/** Whether any node reaches outside its parent, or siblings overlap. */
function nests(expr: Expr): boolean {
  let from = expr.start;
  for (const child of children(expr)) {
    if (child.start < from || child.end > expr.end || !nests(child)) {
      return false;
    }
    from = child.end;
  }
  return true;
}

/** The tree without places. */
function shape(expr: Expr): unknown {
  return JSON.parse(JSON.stringify(expr, (key, value) => (['start', 'end', 'operatorSpan', 'braces'].includes(key) ? undefined : value)));
}

test('every well-typed expression is accepted', () => {
  fc.assert(fc.property(anyText, (text) => {
    expect(analyse(text).problems).toEqual([]);
  }));
});

test('places nest, and the text of every node reads back as that node', () => {
  fc.assert(fc.property(anyText, (text) => {
    const { expr } = parse(text);
    expect(nests(expr!)).toBe(true);
    for (const node of walk(expr!)) {
      expect(shape(parse(text.slice(node.start, node.end)).expr!)).toEqual(shape(node));
    }
  }));
});

test('an expression with tokens missing is read or refused with a place, never thrown at', () => {
  fc.assert(fc.property(brokenText, (text) => {
    const { expr, problems } = analyse(text);
    expect(expr !== undefined || problems.length > 0).toBe(true);
    problems.forEach((p) => expect(p.offset >= 0 && p.offset <= text.length).toBe(true));
  }));
});

test('no text at all is thrown at', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab{}[]()="\'`~!<>@:,.#5m \n\\and') }), (text) => {
    expect(analyse(text).source).toBe(text);
  }));
});

test('what is grouped by a label it carries still carries it, and no longer once it is left out', () => {
  fc.assert(fc.property(vectorText, (text) => {
    const inner = carries(parse(text).expr!, 'x');
    expect(carries(parse(`sum by (x) (${text})`).expr!, 'x')).toBe(inner);
    expect(carries(parse(`sum without (x) (${text})`).expr!, 'x')).toBe(false);
    expect(carries(parse(`sum(${text})`).expr!, 'x')).toBe(false);
    expect(carries(parse(`(${text}) > 1`).expr!, 'x')).toBe(inner);
  }));
});
