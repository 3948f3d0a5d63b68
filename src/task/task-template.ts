import { toEnv } from '../common/env';
import { buildStep, CONTAINER_SECURITY, DATA_HASH_PATH, HOME_PATH, METRICS_PATH, OUT_PATH, PARAMETER, PERMANENT_EXIT_CODE, STORE_PATH, taskStep } from '../contract/constants';
import { Artifact, Parameter, RetryStrategy, Template } from '../crd/argo-workflows';
import { Volume, VolumeMount } from '../crd/kube';
import { Loop, TaskPart } from '../private/loop';
import { oneNode } from '../private/one-node';
import { ImageBuild } from '../private/resolved';
import { storeVolume } from '../private/store';
import { EXECUTOR_TOKEN } from './executor-token';
import { inputNames, taskEnv } from './task-env';
import { TaskProps } from './task-props';

/** The registry's login, in the pods that build. */
const LOGIN_PATH = '/myelin/login';

/** BuildKit's client, and a shell; the build itself happens in buildkitd. */
const BUILD_IMAGE = 'moby/buildkit:v0.25.2-rootless';

/** The template that runs a task's container. @internal */
export function taskTemplate(loop: Loop, task: TaskPart, props: TaskProps): Template {
  const image = task.image();
  return {
    name: taskStep(task.identifier),
    serviceAccountName: loop.identity.taskAccount,
    podSpecPatch: EXECUTOR_TOKEN,
    inputs: taskInputs(loop, task),
    outputs: { parameters: TASK_OUTPUTS },
    activeDeadlineSeconds: timeoutSeconds(props),
    retryStrategy: retry(props.retries, timeoutSeconds(props)),
    nodeSelector: props.nodeSelector,
    ...oneNode(loop),
    container: {
      image: imageOf(task),
      command: image.command,
      args: props.args,
      env: [...taskEnv(loop, task, props.env ?? {}), ...toEnv({}, props.secretEnv)].sort((a, b) => (a.name < b.name ? -1 : 1)),
      resources: props.resources,
      volumeMounts: TASK_MOUNTS,
      securityContext: CONTAINER_SECURITY,
    },
    volumes: taskVolumes(loop),
  };
}

/** What a task leaves for the loop, whether it ran as a container or was tuned. @internal */
export const TASK_OUTPUTS: Parameter[] = [
  { name: PARAMETER.METRICS, valueFrom: { path: METRICS_PATH, default: '{}' } },
  { name: PARAMETER.DATA_HASH, valueFrom: { path: DATA_HASH_PATH, default: '' } },
];

const TASK_MOUNTS: VolumeMount[] = [
  { name: 'home', mountPath: HOME_PATH },
  { name: 'out', mountPath: OUT_PATH },
  { name: 'store', mountPath: STORE_PATH },
];

function taskVolumes(loop: Loop): Volume[] {
  return [{ name: 'home', emptyDir: {} }, { name: 'out', emptyDir: {} }, storeVolume(loop)];
}

function taskInputs(loop: Loop, task: TaskPart): Template['inputs'] {
  const names = inputNames(loop, task);
  return names.length === 0 ? undefined : { parameters: names.map((name) => ({ name })) };
}

function imageOf(task: TaskPart): string {
  const image = task.image();
  return image.build ? '{{inputs.parameters.image}}' : image.reference;
}

/** How long an attempt of a task may take. @internal */
export function timeoutSeconds(props: TaskProps): number {
  return props.timeout?.toSeconds() ?? 24 * 60 * 60;
}

/** How long an attempt to build an image may take. */
const BUILD_SECONDS = 3600;

/** How often a pod that was lost is made again when the user does not say. @internal */
export const RETRIES = 2;

/**
 * A lost pod is made again; a failure of the code is final unless the user asked for retries. The policy OnError would not do: a pod
 * that was evicted or killed counts as failed, as the code does, and is told by how its process ended (-1 when nobody knows). One that was
 * killed because its time was up would only use it up again.
 */
function retry(retries: number | undefined, timeout: number): RetryStrategy {
  return {
    limit: String(retries ?? RETRIES),
    retryPolicy: 'Always',
    ...(retries === undefined && {
      expression: `lastRetry.status == "Error" || (asInt(lastRetry.exitCode) in [-1, 137, 143] && asFloat(lastRetry.duration) < ${timeout})`,
    }),
    backoff: { duration: '10s', factor: '2', cap: '5m' },
  };
}

/**
 * The template that builds a task's image and hands on what it is called, by digest. Two runs that
 * build the same content at once push the same content: no lock is needed.
 *
 * @internal
 */
export function buildTemplate(loop: Loop, task: TaskPart, build: ImageBuild): Template {
  const { dockerfile, builder } = build;
  const { imageBuilder, registryCredentials: login } = loop.identity.platform;
  return {
    name: buildStep(task.identifier),
    serviceAccountName: loop.identity.taskAccount,
    podSpecPatch: EXECUTOR_TOKEN,
    inputs: { artifacts: [sourceArtifact(build)] },
    outputs: { parameters: [{ name: 'image', valueFrom: { path: `${OUT_PATH}/image` } }] },
    activeDeadlineSeconds: BUILD_SECONDS,
    // A builder that knows that no retry helps says so, as the runtime's programs do.
    retryStrategy: { ...retry(RETRIES, BUILD_SECONDS), expression: `asInt(lastRetry.exitCode) != ${PERMANENT_EXIT_CODE}` },
    container: {
      image: BUILD_IMAGE,
      command: ['sh', '-euc'],
      args: [builder === undefined ? BUILD_SCRIPT : `${SOURCE_DOCKERFILE}\n${BUILD_SCRIPT}`],
      env: toEnv({
        BUILDKIT_HOST: imageBuilder.address!,
        BUILD_CONTEXT: build.context,
        BUILD_TARGET: task.image().reference,
        DOCKERFILE: dockerfile === undefined ? `${OUT_PATH}/Dockerfile` : `${build.context}/${dockerfile}`,
        HOME: HOME_PATH,
        ...(login && { DOCKER_CONFIG: LOGIN_PATH }),
        ...(builder !== undefined && { BUILDER_IMAGE: builder }),
      }),
      volumeMounts: [
        { name: 'home', mountPath: HOME_PATH },
        ...(login ? [{ name: 'login', mountPath: LOGIN_PATH, readOnly: true }] : []),
        { name: 'out', mountPath: OUT_PATH },
      ],
      securityContext: CONTAINER_SECURITY,
    },
    volumes: [
      { name: 'home', emptyDir: {} },
      ...(login ? [{ name: 'login', secret: { secretName: login.name, items: [{ key: login.key, path: 'config.json' }] } }] : []),
      { name: 'out', emptyDir: {} },
    ],
  };
}

function sourceArtifact({ source }: ImageBuild): Artifact {
  return source._toArtifact();
}

const BUILD_SCRIPT = `buildctl build --frontend dockerfile.v0 \\
  --local context="$BUILD_CONTEXT" \\
  --local dockerfile="$(dirname "$DOCKERFILE")" \\
  --opt filename="$(basename "$DOCKERFILE")" \\
  --output "type=image,name=$BUILD_TARGET,push=true" \\
  --metadata-file ${OUT_PATH}/metadata.json
digest=$(sed -n 's/.*"containerimage.digest": *"\\(sha256:[0-9a-f]*\\)".*/\\1/p' ${OUT_PATH}/metadata.json)
test -n "$digest"
printf '%s@%s' "\${BUILD_TARGET%:*}" "$digest" > ${OUT_PATH}/image`;

/** What a source-to-image builder does, as a Dockerfile: the folder's requirements and environment. */
const SOURCE_DOCKERFILE = `cd "$BUILD_CONTEXT"
{
  echo "FROM $BUILDER_IMAGE"
  echo 'WORKDIR /app'
  if [ -f .s2i/environment ]; then sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=\\(.*\\)$/ENV \\1="\\2"/p' .s2i/environment; fi
  echo 'COPY . /app'
  if [ -f requirements.txt ]; then echo 'RUN pip install --no-cache-dir -r requirements.txt'; fi
  echo 'USER 1000'
} > "$DOCKERFILE"`;
