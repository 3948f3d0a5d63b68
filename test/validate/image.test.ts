import { imageParts, imageProblem, mutableImageProblem } from '../../src/validate/image';

const HEX = '0f5e'.repeat(16);

test.each([
  ['python', { repository: 'python' }],
  ['library/python:3.12', { repository: 'library/python', tag: '3.12' }],
  ['localhost:5000/a', { registry: 'localhost:5000', repository: 'a' }],
  ['images.example.org/ml/fit_a--b.c:2.1', { registry: 'images.example.org', repository: 'ml/fit_a--b.c', tag: '2.1' }],
  [`r.io/a:1@sha256:${HEX}`, { registry: 'r.io', repository: 'a', tag: '1', digest: `sha256:${HEX}` }],
  ['[::1]:5000/a', { registry: '[::1]:5000', repository: 'a' }],
])('%s is an image', (reference, parts) => {
  expect(imageProblem(reference)).toBeUndefined();
  expect(imageParts(reference)).toEqual(parts);
});

test.each([
  ['', 'must be an image reference without spaces', "write it as 'registry/path:tag' or 'registry/path@sha256:…'"],
  ['a b', 'must be an image reference without spaces', "write it as 'registry/path:tag' or 'registry/path@sha256:…'"],
  ['https://r.io/a', 'must not begin with a scheme', "write 'r.io/a'"],
  ['r..io/a', "has 'r..io' for a registry, which is no host", 'write host or host:port'],
  ['Python', 'must be in lower case', "write 'python'"],
  ['a//b', "has '' in its path, which must be letters a-z and digits with single '.', '_', '__' or '-' between them", "use a path such as 'team/image'"],
  ['a/-b', "has '-b' in its path, which must be letters a-z and digits with single '.', '_', '__' or '-' between them", "use a path such as 'team/image'"],
  ['a'.repeat(256), 'has a name of more than 255 characters', 'shorten it'],
  [HEX, 'is an image id, not a reference', "write it as 'path@sha256:…'"],
  ['a:', "has the tag '', which must be at most 128 letters, digits, '_', '.' and '-'", 'use another tag'],
  ['a:-x', "has the tag '-x', which must be at most 128 letters, digits, '_', '.' and '-'", 'use another tag'],
  ['a@md5:00', "has a digest by 'md5', which is unknown", "write '@sha256:' and 64 hex digits"],
  ['a@sha256:00', 'has a digest of 2 characters', 'sha256 takes 64 hex digits in lower case'],
  [`a@sha256:${HEX.toUpperCase()}`, 'has a digest of 64 characters', 'sha256 takes 64 hex digits in lower case'],
])('fails if the image is %p', (reference, rule, remedy) => {
  expect(imageProblem(reference)).toMatchObject({ rule, remedy });
});

test('an image without tag or tagged latest is flagged, a version or a digest is not', () => {
  expect(mutableImageProblem('localhost:5000/a')).toMatchObject({ rule: "has no tag, which means ':latest', another image any day", remedy: 'pin a version or a digest' });
  expect(mutableImageProblem('a:latest')).toMatchObject({ rule: "is tagged ':latest', another image any day", remedy: 'pin a version or a digest' });
  expect(mutableImageProblem('a:1')).toBeUndefined();
  expect(mutableImageProblem(`a@sha256:${HEX}`)).toBeUndefined();
});
