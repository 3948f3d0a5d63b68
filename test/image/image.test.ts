import { ContainerTask, Image, ImageBuilder, Sensor, Source } from '../../src';
import { emptyAxon, importedPlatform } from '../helpers/loop';
import { find, messageOf, refusals, synthesise, templateOf } from '../helpers/manifests';

const SOURCE = Source.git({ repository: 'https://git.example.org/ml/digits.git', revision: '4f1c2d0' });

function withImage(image: Image, source: Source = SOURCE) {
  const { chart, axon } = emptyAxon({ source });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image })] });
  return { chart, axon };
}

function variable(image: Image, name: string, source?: Source): string {
  const env: { name: string; value: string }[] = templateOf(synthesise(withImage(image, source).chart), 'build-work').container.env;
  return env.find((entry) => entry.name === name)!.value;
}

test('a ready image runs as it is named, without a step that builds it', () => {
  const objects = synthesise(withImage(Image.fromRegistry('registry.example.org/ml/work@sha256:' + 'a'.repeat(64), { command: ['run'] })).chart);

  expect(templateOf(objects, 'task-work').container).toMatchObject({ image: 'registry.example.org/ml/work@sha256:' + 'a'.repeat(64), command: ['run'] });
  expect(find(objects, 'WorkflowTemplate').spec.templates.map(({ name }: { name: string }) => name)).not.toContain('build-work');
});

test('a built image runs by the digest that its build step hands on', () => {
  const objects = synthesise(withImage(Image.fromDockerfile('train/Dockerfile')).chart);
  const { tasks } = templateOf(objects, 'sensor-start').dag;

  expect(templateOf(objects, 'task-work').container.image).toBe('{{inputs.parameters.image}}');
  expect(tasks.find(({ name }: { name: string }) => name === 'task-work')).toMatchObject({
    depends: 'build-work.Succeeded', arguments: { parameters: [{ name: 'image', value: '{{tasks.build-work.outputs.parameters.image}}' }] },
  });
});

test.each<[string, Image, string, string]>([
  ['the folder that the build sees is the root of the source', Image.fromDockerfile('train/Dockerfile'), 'BUILD_CONTEXT', '/src'],
  ['the folder that the build sees may lie deeper', Image.fromDockerfile('Dockerfile', { context: './train/' }), 'BUILD_CONTEXT', '/src/train'],
  ['the Dockerfile lies in the folder that the build sees', Image.fromDockerfile('Dockerfile', { context: 'train' }), 'DOCKERFILE', '/src/train/Dockerfile'],
  ['a folder of code is built upon a Python', Image.fromSource('serve'), 'BUILDER_IMAGE', 'python:3.11.9-slim-bookworm'],
  ['a folder of code lies below its context', Image.fromSource('serve', { context: 'ml' }), 'BUILD_CONTEXT', '/src/ml/serve'],
  ['an image is named after axon and task', Image.fromSource('serve'), 'BUILD_TARGET', 'registry.local:5000/digits-work:4f1c2d0'],
  ['an image can be given a name', Image.fromSource('serve', { repository: 'ml/digits' }), 'BUILD_TARGET', 'registry.local:5000/ml/digits:4f1c2d0'],
])('%s', (_, image, name, value) => {
  expect(variable(image, name)).toBe(value);
});

test('two branches whose names differ only by characters that no tag may hold get two tags', () => {
  const [one, other] = ['feature/x', 'feature-x'].map((revision) => variable(Image.fromSource('serve'), 'BUILD_TARGET',
    Source.git({ repository: 'https://git.example.org/ml/digits.git', revision })));

  expect(one).toMatch(/:feature-x-[0-9a-f]{7}$/);
  expect(other).toMatch(/:feature-x$/);
});

test("an image's own source wins over the axon's", () => {
  const own = Source.git({ repository: 'git@git.example.org:ml/other.git', revision: 'v1', path: '/code' });

  expect(variable(Image.fromSource('serve', { source: own }), 'BUILD_CONTEXT')).toBe('/code/serve');
});

test.each(['work', 'work:latest', 'host:5000/work'])('the image %s is warned about, since its content may change', (reference) => {
  const { axon } = withImage(Image.fromRegistry(reference));

  expect(axon.warnings).toEqual([expect.stringMatching(new RegExp(`^work: 'image' \\(${reference}\\)`))]);
});

test('an image that is built elsewhere from a branch is warned about', () => {
  const { chart, axon } = emptyAxon({
    source: Source.git({ repository: 'https://git.example.org/x.git', revision: 'main' }), platform: importedPlatform({ imageBuilder: ImageBuilder.external() }),
  });
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: Image.fromSource('serve') })] });

  expect(refusals(chart)).toEqual([]);
  expect(axon.warnings).toHaveLength(1);
});

test('fails if an image is built and there is no source', () => {
  const { chart, axon } = emptyAxon();
  new Sensor(axon, 'start', { steps: [new ContainerTask(axon, 'work', { image: Image.fromDockerfile('train/Dockerfile') })] });

  expect(refusals(chart)).toEqual(["work: 'image' (train/Dockerfile) is built, but neither it nor the axon has a source, give the axon a 'source'"]);
});

test.each<[string, () => unknown, string]>([
  ['an image has capitals', () => Image.fromRegistry('ml/Work:1'), "'image' (ml/Work:1) must be in lower case, write 'ml/work:1'"],
  ['an image has a space', () => Image.fromRegistry('work :1'), "'image' (work :1) must be an image reference without spaces, write it as 'registry/path:tag' or 'registry/path@sha256:…'"],
  ['the name of a built image has a tag', () => Image.fromSource('serve', { repository: 'ml:1' }),
    "'repository' (ml:1) must be the name of an image, without host and tag, in lower case, write it as 'team/model'"],
  ['a Dockerfile leaves the source', () => Image.fromDockerfile('../Dockerfile'), "'path' (../Dockerfile) must not leave its folder with '..', write the path without it"],
  ['a context is absolute', () => Image.fromDockerfile('Dockerfile', { context: '/src' }), "'context' (/src) must be a relative path, write it from the folder it lies in, 'src'"],
])('fails if %s', (_, make, message) => {
  expect(messageOf(make)).toBe(message);
});
