import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { CODES } from '../../src/problem/codes';

const ROOT = join(__dirname, '..', '..');
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && file !== join('problem', 'codes.ts'))
  .map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'))
  .join('\n');

test.each(Object.keys(CODES))("the code '%s' is in use", (code) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(SOURCES).toContain(`'${code}'`);
});

test('the page of problems lists every code with its rule', () => {
  const page = readFileSync(join(ROOT, 'docs', 'problems.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(.*?)` \| (.*) \|$/gm)].map(([, code, rule]) => [code, rule]);
  expect(rows).toEqual(Object.entries(CODES));
});
