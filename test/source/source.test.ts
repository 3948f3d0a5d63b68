import { ContainerTask, Image, Sensor, Source } from '../../src';
import { emptyAxon } from '../helpers/loop';
import { messageOf, synthesise, templateOf } from '../helpers/manifests';
import { secretValue } from '../helpers/secret-value';

function artifactOf(source: Source) {
  const { chart, axon } = emptyAxon({ source });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: Image.fromDockerfile('Dockerfile') })] });
  return templateOf(synthesise(chart), 'build-work').inputs.artifacts[0];
}

test('a repository is mounted at /src, at its default branch, unless told otherwise', () => {
  expect(artifactOf(Source.git({ repository: 'https://git.example.org/x.git' }))).toEqual({
    name: 'source', path: '/src', git: { repo: 'https://git.example.org/x.git' },
  });
});

test('a repository that is read by ssh names the Secret with its key', () => {
  const source = Source.git({ repository: 'git@git.example.org:x.git', revision: 'v1', path: '/code/', sshKey: secretValue('deploy-key', 'id_ed25519') });

  expect(artifactOf(source)).toEqual({
    name: 'source', path: '/code', git: { repo: 'git@git.example.org:x.git', revision: 'v1', sshPrivateKeySecret: { name: 'deploy-key', key: 'id_ed25519' } },
  });
});

test('an object in a bucket names the Secrets with its credentials', () => {
  const source = Source.s3({
    endpoint: 's3.example.org:9000', bucket: 'ml', key: 'code.tgz', accessKey: secretValue('s3', 'access'), secretKey: secretValue('s3', 'secret'),
  });

  expect(artifactOf(source)).toMatchObject({
    path: '/src', s3: { endpoint: 's3.example.org:9000', bucket: 'ml', key: 'code.tgz', accessKeySecret: { name: 's3', key: 'access' }, secretKeySecret: { name: 's3', key: 'secret' } },
  });
});

test.each(['4f1c2d0', 'a'.repeat(40)])('the commit %s stays what it is', (revision) => {
  expect(Source.git({ repository: 'https://git.example.org/x.git', revision }).pinned).toBe(true);
});

test.each([undefined, 'main', 'v1.0'])('the revision %s may move', (revision) => {
  expect(Source.git({ repository: 'https://git.example.org/x.git', revision }).pinned).toBe(false);
});

test.each<[string, () => unknown, string]>([
  ['a repository is a path', () => Source.git({ repository: 'ml/digits' }),
    "'repository' (ml/digits) must be the address of a git repository, write it as 'https://host/path.git', 'ssh://git@host/path.git' or 'git@host:path.git'"],
  ['code would come over an unprotected way', () => Source.git({ repository: 'http://git.example.org/x.git' }),
    "'repository' (http://git.example.org/x.git) must not fetch code by unprotected http://, write 'https://git.example.org/x.git'"],
  ['a repository carries a password, which is not repeated', () => Source.git({ repository: 'https://me:hunter2@git.example.org/x.git' }),
    "'repository' (https://***@git.example.org/x.git) must not carry a user or password, which would be readable in every manifest, name a Secret instead"],
  ['a revision is an option of git', () => Source.git({ repository: 'https://git.example.org/x.git', revision: '--upload-pack=x' }),
    "'revision' (--upload-pack=x) must be a branch, tag or commit, write it as 'main', 'v1.2' or '4f1c2d0'"],
  ['a bucket has no name', () => Source.s3({ endpoint: 's3', bucket: ' ', key: 'x' }), "'bucket' ( ) must not be empty, name the bucket"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});

test.each([
  ['src', "'path' (src) must be an absolute path, write '/src'"],
  ['/', "'path' (/) would hide the whole image, mount at a folder such as /data"],
  ['/a/../b', "'path' (/a/../b) must not leave its folder with '..', write the path without it"],
  ['/a:b', "'path' (/a:b) must not contain ':', which Kubernetes refuses in a mount path, rename the folder"],
])('fails if the code is mounted at %s', (path, message) => {
  expect(messageOf(() => Source.git({ repository: 'https://git.example.org/x.git', path }))).toBe(message);
});
