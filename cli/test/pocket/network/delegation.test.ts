import { describe, expect, test } from '@jest/globals';
import { delegated } from '../../../src/pocket/network/delegation.js';
import { HttpMatch, HttpRoute } from '../../../src/pocket/network/virtual-service.js';

const ROOT: HttpRoute = { name: 'digits', match: [{ uri: { exact: '/ns/digits' } }, { uri: { prefix: '/ns/digits/' } }], delegate: { name: 'routes' } };

function merged(root: Partial<HttpRoute>, leaf: Partial<HttpRoute>): { routes: HttpRoute[]; conflicts: HttpRoute[] } {
  const conflicts: HttpRoute[] = [];
  return { routes: delegated({ ...ROOT, ...root }, [leaf], (route) => conflicts.push(route)), conflicts };
}

function matches(root: HttpMatch[] | undefined, leaf: HttpMatch[] | undefined): HttpMatch[] | 'dropped' {
  const { routes, conflicts } = merged({ match: root }, { match: leaf });
  expect(routes.length + conflicts.length).toBe(1);
  return routes.length === 0 ? 'dropped' : [...routes[0]!.match ?? []].map(({ uri, headers = {}, method }) => ({ uri, ...(Object.keys(headers).length > 0 && { headers }), ...(method && { method }) }));
}

describe('the match of a delegate', () => {
  const prefix = [{ uri: { prefix: '/a/' } }];

  test.each<[string, HttpMatch[] | undefined, HttpMatch[] | undefined, HttpMatch[] | 'dropped']>([
    ['within a prefix', prefix, [{ uri: { exact: '/a/b' } }], [{ uri: { exact: '/a/b' } }]],
    ['a longer prefix', prefix, [{ uri: { prefix: '/a/b' } }], [{ uri: { prefix: '/a/b' } }]],
    ['a shorter prefix', prefix, [{ uri: { prefix: '/a' } }], 'dropped'],
    ['another path', prefix, [{ uri: { exact: '/b' } }], 'dropped'],
    ['a regular expression under a prefix', prefix, [{ uri: { regex: '/a/.*' } }], 'dropped'],
    ['a prefix under a regular expression', [{ uri: { regex: '.*' } }], [{ uri: { prefix: '/a' } }], 'dropped'],
    ['a prefix under an exact path', [{ uri: { exact: '/a' } }], [{ uri: { prefix: '/a' } }], 'dropped'],
    ['the same exact path', [{ uri: { exact: '/a' } }], [{ uri: { exact: '/a' } }], [{ uri: { exact: '/a' } }]],
    ['none of its own', prefix, undefined, prefix],
    ['alone', undefined, prefix, prefix],
    ['one of two in none of the root', prefix, [{ uri: { exact: '/a/b' } }, { uri: { exact: '/b' } }], 'dropped'],
    ['in two of the root', [{ uri: { prefix: '/a' } }, { uri: { prefix: '/a/' } }], [{ uri: { exact: '/a/b' } }], [{ uri: { exact: '/a/b' } }, { uri: { exact: '/a/b' } }]],
    ['a header beside the path of the root', prefix, [{ headers: { x: { exact: '1' } } }], [{ uri: { prefix: '/a/' }, headers: { x: { exact: '1' } } }]],
    ['another value of a header', [{ headers: { x: { exact: '1' } } }], [{ headers: { x: { exact: '2' } } }], 'dropped'],
    ['headers of both', [{ headers: { x: { exact: '1' } } }], [{ headers: { y: { exact: '2' } } }], [{ uri: undefined, headers: { x: { exact: '1' }, y: { exact: '2' } } }]],
    ['another method', [{ method: { exact: 'GET' } }], [{ method: { exact: 'POST' } }], 'dropped'],
    ['another sense of capitals', prefix, [{ uri: { exact: '/a/b' }, ignoreUriCase: true }], 'dropped'],
    ['another port', [{ port: 80 }], [{ port: 81 }], 'dropped'],
    ['any value of a header where the root wants one', [{ headers: { x: { exact: '1' } } }], [{ headers: { x: {} } }], 'dropped'],
  ])('%s', (_, root, leaf, expected) => {
    expect(matches(root, leaf)).toEqual(expected);
  });
});

test('what a delegate does not say it takes from the root, and its name tells both', () => {
  const root = { timeout: '5s', rewrite: { uri: '/root' }, match: undefined };
  expect(merged(root, { name: 'v1', rewrite: { uri: '/leaf' } }).routes).toEqual([{ name: 'digits-v1', timeout: '5s', rewrite: { uri: '/leaf' }, match: [] }]);
  expect(merged(root, {}).routes[0]).toMatchObject({ name: 'digits', rewrite: { uri: '/root' } });
});
