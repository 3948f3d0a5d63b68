import { default as fc } from 'fast-check';
import { rewritten } from '../../../src/pocket/pods/path-rewriting.js';

const there = new Set(['/image/app', '/image/app/run.py', '/image/etc', '/etc', '/etc/ssl', '/bin/sh', '/image/bin']);
const put = (text: string) => rewritten(text, {
  mounts: { '/store': '/host/s', '/store/inner': '/host/i', '/out': '/host/o' }, root: '/image', exists: (path) => there.has(path),
});

test.each([
  ['/store', '/host/s'],
  ['/store/', '/host/s/'],
  ['/store/a/b.txt', '/host/s/a/b.txt'],
  ['/store/inner/x', '/host/i/x'],
  ['/store/innermost', '/host/s/innermost'],
  ['/stored', '/stored'],
  ['--data=/store/x', '--data=/host/s/x'],
  ['/store:/out', '/host/s:/host/o'],
  ['["/store","/out"]', '["/host/s","/host/o"]'],
  ['cat </store/a >/out/b', 'cat </host/s/a >/host/o/b'],
  ['file:///store/a', 'file:///host/s/a'],
  ['http://host:80/store', 'http://host:80/store'],
  ['http://host/store', 'http://host/store'],
  ['$HOME/store ${X}/store $(pwd)/store ~/store', '$HOME/store ${X}/store $(pwd)/store ~/store'],
  ['relative/store ./store ../out', 'relative/store ./store ../out'],
  ['"$DIR"/store', '"$DIR"/host/s'],
  ['python /app/run.py /app', 'python /image/app/run.py /image/app'],
  ['/app/new-file', '/image/app/new-file'],
  ['/etc/ssl /bin/sh /tmp/x', '/etc/ssl /bin/sh /tmp/x'],
  ["sed -n 's/.*\"digest\": *\"\\([0-9a-f]*\\)\".*/\\1/p' /out/metadata.json", "sed -n 's/.*\"digest\": *\"\\([0-9a-f]*\\)\".*/\\1/p' /host/o/metadata.json"],
])('%s becomes %s', (text, expected) => {
  expect(put(text)).toBe(expected);
});

test('a text that names no path of the container stays as it is', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    fc.pre(!/store|out|app|etc|bin/.test(text));
    expect(put(text)).toBe(text);
  }));
});

test('what lies below a mount is found below its folder', () => {
  const segment = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
  fc.assert(fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
    fc.pre(segments[0] !== 'inner');
    const rest = segments.map((each) => `/${each}`).join('');
    expect(put(`x /store${rest} y`)).toBe(`x /host/s${rest} y`);
  }));
});
