import { withoutCredentials } from '../../src/problem/shown';
import { gitUrlProblem, urlProblem } from '../../src/validate/url';

test('an address has one of the schemes and a host', () => {
  expect(urlProblem('http://prometheus.monitoring:9090/x?y=1')).toBeUndefined();
  expect(urlProblem('grpc://triton:8001', ['http', 'https', 'grpc'])).toBeUndefined();
});

test.each([
  ['http://a b', 'must not contain a space', 'remove it or write %20'],
  ['prometheus:9090', 'must be a URL that begins with http:// or https://', "write 'http://prometheus:9090'"],
  ['ftp://a', 'must begin with http:// or https://', "change 'ftp://'"],
  ['http://', 'is no valid URL', 'check its host and port'],
  ['http://a:99999', 'is no valid URL', 'check its host and port'],
  ['https://user:secret@a', 'must not carry a user or password, which would be readable in every manifest', 'name a Secret instead'],
  ['https://token@a', 'must not carry a user or password, which would be readable in every manifest', 'name a Secret instead'],
])('fails if the address is %p', (url, rule, remedy) => {
  expect(urlProblem(url)).toMatchObject({ rule, remedy });
});

test('fails if a scheme without rules has no host', () => {
  expect(urlProblem('grpc:///x', ['grpc'])).toMatchObject({ rule: 'has no host', remedy: "write it behind '://'" });
});

test.each([
  'https://git.example.org/ml/digits.git', 'ssh://git@git.example.org:2222/ml/digits.git', 'git@git.example.org:ml/digits.git', 'deploy@host:digits',
])('%s is a git repository', (url) => {
  expect(gitUrlProblem(url)).toBeUndefined();
});

const FORMS = "write it as 'https://host/path.git', 'ssh://git@host/path.git' or 'git@host:path.git'";
test.each([
  ['http://a/b.git', 'must not fetch code by unprotected http://', "write 'https://a/b.git'"],
  ['git://a/b.git', 'must not fetch code by unprotected git://', "write 'https://a/b.git'"],
  ['https://a', 'names no repository', 'add its path behind the host'],
  ['https://user:pw@a/b', 'must not carry a user or password, which would be readable in every manifest', 'name a Secret instead'],
  ['ssh://git:pw@a/b', 'must not carry a user or password, which would be readable in every manifest', 'name a Secret instead'],
  ['git@host: x', 'must not contain a space', 'remove it or write %20'],
  ['host/path', 'must be the address of a git repository', FORMS],
  ['file:///tmp/x', 'must be the address of a git repository', FORMS],
  ['', 'must be the address of a git repository', FORMS],
])('fails if the repository is %p', (url, rule, remedy) => {
  expect(gitUrlProblem(url)).toMatchObject({ rule, remedy });
});

test('a shown address hides what may be a secret', () => {
  expect(withoutCredentials('https://user:pw@a/b')).toBe('https://***@a/b');
  expect(withoutCredentials('https://a/b@c')).toBe('https://a/b@c');
});
