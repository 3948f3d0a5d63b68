import fc from 'fast-check';
import { isRight } from '../../../src/serving/dataplane/compare.js';
import { payloadOf, truthPayload } from '../../../src/serving/dataplane/message.js';

const rows = (ndarray: unknown, names?: string[]) => ({ data: { ...(names && { names }), ndarray } });
const right = (answer: unknown, truth: unknown) => isRight(payloadOf(answer)!, truthPayload(truth));

test.each<[string, unknown, unknown, boolean | undefined]>([
  ['the same rows', rows([[1], [2]]), rows([[1], [2]]), true],
  ['one row of two wrong', rows([[1], [2]]), rows([[1], [3]]), false],
  ['a column and a list', rows([[1], [2]]), rows([1, 2]), true],
  ['a bare number', rows([[7]]), 7, true],
  ['a bare list', rows([[7], [8]]), [7, 8], true],
  ['a message without its data', rows([[7]]), { ndarray: [[7]] }, true],
  ['a tensor', rows([[1, 2], [3, 4]]), { data: { tensor: { shape: [2, 2], values: [1, 2, 3, 4] } } }, true],
  ['a number within the tolerance', rows([[0.1 + 0.2]]), rows([[0.3]]), true],
  ['a number beyond it', rows([[0.3]]), rows([[0.3001]]), false],
  ['a number and its text', rows([['7']]), rows([[7]]), true],
  ['texts', rows([['cat']]), rows([['dog']]), false],
  ['a boolean', rows([[1]]), rows([[true]]), true],
  ['strData against a cell', rows([['cat']]), { strData: 'cat' }, true],
  ['an empty text and 0', rows([[0]]), rows([['']]), false],
  ['null and 0', rows([[0]]), rows([[null]]), false],
  ['probabilities against an index', rows([[0.1, 0.7, 0.2]]), rows([[1]]), true],
  ['probabilities in one flat row', rows([0.1, 0.7, 0.2]), rows([2]), false],
  ['scores against a class name', rows([[3, -1]], ['cat', 'dog']), rows([['cat']]), true],
  ['a class name that is a number, which is not its index', rows([[0.9, 0.1]], ['1', '0']), rows([[1]]), true],
  ['an index where the names are no numbers', rows([[0.9, 0.1]], ['cat', 'dog']), rows([[1]]), false],
  ['several rows of probabilities', rows([[0.9, 0.1], [0.2, 0.8]]), rows([0, 1]), true],
  ['probabilities against one-hot', rows([[0.4, 0.6]]), rows([[0, 1]]), true],
  ['several labels, which are no probabilities', rows([[1, 0, 1]]), rows([[1, 0, 0]]), false],
  ['two numbers that happen to look like an index', rows([[5, 0]]), rows([[5, 1]]), false],
  ['JSON', { jsonData: { class: 'cat', p: 0.3 } }, { jsonData: { p: 0.3, class: 'cat' } }, true],
  ['JSON with another key', { jsonData: { class: 'cat' } }, { jsonData: { class: 'cat', p: 1 } }, false],
  ['a JSON list', { jsonData: [[0.2, 0.8]] }, 1, true],
  ['more truths than answers', rows([[1]]), rows([[1], [2]]), undefined],
  ['no truths', rows([[1]]), rows([]), undefined],
  ['six answers and four truths', rows([1, 2, 3, 4, 5, 6]), rows([1, 2, 3, 4]), undefined],
  ['four flat answers and two truths', rows([0.1, 0.9, 0.1, 0.9]), rows([1, 1]), undefined],
])('%s', (_, answer, truth, expected) => expect(right(answer, truth)).toBe(expected));

const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ minLength: 1 }), fc.boolean());

test('an answer is right by itself, in every nesting', () => {
  fc.assert(fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
    const column = rows(cells.map((value) => [value]));
    expect(right(column, column)).toBe(true);
    expect(right(column, rows(cells))).toBe(true);
    expect(right(rows(cells), column)).toBe(true);
  }));
});

test('never fails, whatever clients send', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (answer, truth) => {
    expect([true, false, undefined]).toContain(isRight({ kind: 'json', value: answer }, truthPayload(truth)));
  }));
});
