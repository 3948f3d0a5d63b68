import { Image } from '../../image/image';
import { Words } from '../../problem/render';
import { normalPath } from '../../validate/path';
import { Report } from '../report';
import { Leaf } from '../schema/shape';
import { ImageBuildKeys } from '../schema/task-shape';
import { attempt, Origin } from './attempt';
import { Builder } from './builder';
import { DeclaredArtifact } from './declared';

/** The keys of a body that an image is made of. */
interface ImageKeys {
  readonly image?: Leaf<string>;
  readonly imageBuild?: ImageBuildKeys;
  readonly command?: Leaf<string>[];
  readonly $: Origin['keys'];
}

/** The image of a body; undefined when something about it is wrong, which has been complained about. */
export function buildImage(body: ImageKeys, noun: string, builder: Builder): Image | undefined {
  const { image, imageBuild, $ } = body;
  const { report } = builder;
  const command = body.command?.map(({ value }) => value);
  if ($.has('image') && $.has('imageBuild')) {
    report.warning($.at('imageBuild'), 'unused', 'imageBuild', 'a map', "is not used where there is an 'image'", 'remove one of them');
  }
  if ($.has('image')) {
    return image && attempt(report, { keys: $, words: {} }, () => Image.fromRegistry(image.value, { command }));
  }
  if (!$.has('imageBuild')) {
    report.error($.place, 'required', 'image', 'nothing', `is required in ${noun}`, "add an 'image', or an 'imageBuild' to build one");
    return undefined;
  }
  return imageBuild && builtImage(imageBuild, builder, command);
}

function builtImage(build: ImageBuildKeys, builder: Builder, command?: string[]): Image | undefined {
  const { dockerfile, s2i, $ } = build;
  const { report } = builder;
  const repository = build.repositoryName?.value;
  const source = artifactOf(build, builder)?.source;
  if ($.has('dockerfile') === $.has('s2i')) {
    report.error($.place, 'exclusive', 'imageBuild', $.has('s2i') ? 'dockerfile and s2i' : 'nothing', "must be exactly one of 'dockerfile' and 's2i'",
      $.has('s2i') ? 'remove one' : 'add one');
    return undefined;
  }
  const context = source && contextOf(build, source.path, report);
  if (source === undefined || context === undefined) {
    return undefined;
  }
  const words: Words = { repository: 'repositoryName', path: 'dockerfile.path', context: s2i?.contextDir ? 's2i.contextDir' : 'buildLocation' };
  if (dockerfile !== undefined) {
    const { path } = dockerfile;
    return path && attempt(report, { keys: $, words }, () => Image.fromDockerfile(path.value, { repository, source, context, command }));
  }
  const base = s2i && builderOf(s2i.builderImage, report);
  return s2i && attempt(report, { keys: $, words }, () => Image.fromSource(s2i.contextDir?.value ?? '.', { repository, source, context, builder: base, command }));
}

function artifactOf({ artifact, $ }: ImageBuildKeys, { artifacts, report }: Builder): DeclaredArtifact | undefined {
  if (artifact !== undefined) {
    return artifacts.find('artifact', artifact);
  }
  if (artifacts.only === undefined && !$.has('artifact')) {
    report.error($.place, 'required', 'artifact', 'nothing', 'is required in an image build', artifacts.names.length === 0
      ? "declare the code under 'spec.artifacts' and name it" : `name one of ${artifacts.names.join(', ')}`);
  }
  return artifacts.only;
}

/** The build's folder, relative to where the artifact lies. */
function contextOf({ buildLocation, $ }: ImageBuildKeys, path: string, report: Report): string | undefined {
  if (buildLocation === undefined) {
    return $.has('buildLocation') ? undefined : '.';
  }
  const location = normalPath(buildLocation.value);
  if (location !== path && !location.startsWith(`${path}/`)) {
    report.error(buildLocation.place, 'path-format', 'buildLocation', buildLocation.value, `must lie below the artifact's path (${path})`, `write it as '${path}/…'`);
    return undefined;
  }
  return location.slice(path.length + 1) || '.';
}

/** The builder images of the original are not published any more; ours does what its plain Python ones did. */
function builderOf(image: Leaf<string> | undefined, report: Report): string | undefined {
  if (image === undefined || !/(^|\/)myelin-deployer-s2i-/.test(image.value)) {
    return image?.value;
  }
  const cuda = image.value.includes('cuda');
  report.warning(image.place, 'older-form', 'builderImage', image.value,
    cuda ? 'is an older builder, and the one that takes its place has no CUDA' : 'is an older builder, and the default one takes its place',
    cuda ? 'name an image with CUDA and Python' : 'leave it out');
  return undefined;
}
