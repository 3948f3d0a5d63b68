import { Terminal } from '../src/terminal.js';

/** A terminal whose streams are looked at, or not. */
function terminal(isTTY: boolean, env: NodeJS.ProcessEnv = {}): Terminal {
  const stream = { isTTY, write: () => true } as unknown as NodeJS.WritableStream;
  return new Terminal({ stdout: stream, stderr: stream, env });
}

test('colours are for those who look on', () => {
  expect(terminal(true).severity('error')).toContain('\u001b[31m');
  expect(terminal(true).severity('warning')).toContain('\u001b[33m');
  expect(terminal(false).severity('error')).toBe('error');
});

test('colours can be declined', () => {
  expect(terminal(true, { NO_COLOR: '1' }).severity('error')).toBe('error');
  expect(terminal(true, { TERM: 'dumb' }).severity('error')).toBe('error');
});
