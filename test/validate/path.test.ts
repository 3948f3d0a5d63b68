import { absolutePathProblem, mountPathProblem, normalPath, relativePathProblem } from '../../src/validate/path';

test('paths from the root and within a folder are accepted', () => {
  expect(['/', '/src', '/src/a b/', '/..a/b..'].map(absolutePathProblem)).toEqual([undefined, undefined, undefined, undefined]);
  expect(['.', 'a', './a/b/', 'a..b'].map(relativePathProblem)).toEqual([undefined, undefined, undefined, undefined]);
  expect(mountPathProblem('/data/')).toBeUndefined();
});

test.each([
  [absolutePathProblem, 'src', 'must be an absolute path', "write '/src'"],
  [absolutePathProblem, './src', 'must be an absolute path', "write '/src'"],
  [relativePathProblem, '/src', 'must be a relative path', "write it from the folder it lies in, 'src'"],
  [relativePathProblem, '/', 'must be a relative path', "write it from the folder it lies in, '.'"],
  [relativePathProblem, '', 'must not be empty or begin or end with a space', "write '.' for the folder itself"],
  [relativePathProblem, ' a', 'must not be empty or begin or end with a space', "write '.' for the folder itself"],
  [relativePathProblem, 'a\0b', 'must not contain control characters', 'remove them'],
  [relativePathProblem, 'a\\b', "must not contain '\\'", "separate folders by '/'"],
  [relativePathProblem, 'a/../b', "must not leave its folder with '..'", 'write the path without it'],
  [absolutePathProblem, '/..', "must not leave its folder with '..'", 'write the path without it'],
  [mountPathProblem, 'data', 'must be an absolute path', "write '/data'"],
  [mountPathProblem, '//', 'would hide the whole image', 'mount at a folder such as /data'],
  [mountPathProblem, '/a:b', "must not contain ':', which Kubernetes refuses in a mount path", 'rename the folder'],
])('fails if %p gets the path %p', (problem, path, rule, remedy) => {
  expect(problem(path)).toMatchObject({ rule, remedy });
});

test.each([['/src/', '/src'], ['//a//b', '/a/b'], ['./a/./b/', 'a/b'], ['', '.'], ['.', '.'], ['/', '/'], ['/.', '/']])('%p is %p', (path, normal) => {
  expect(normalPath(path)).toBe(normal);
  expect(normalPath(normal)).toBe(normal);
});
