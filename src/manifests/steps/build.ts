import { buildStep, CONTAINER_SECURITY, HOME_PATH, OUT_PATH, PERMANENT_EXIT_CODE } from '../../contract/constants';
import { ArgoArtifact } from '../../crd/argo-workflows';
import { ContainerData } from '../../loop/container';
import { RecipeData } from '../../loop/image';
import { Loop } from '../../loop/loop';
import { SourceData } from '../../loop/source';
import { LOST_POD_RETRIES } from '../../loop/task';
import { toEnv } from './env';
import { EXECUTOR_TOKEN } from './executor-token';
import { stepPod } from './pod';
import { Step } from './step';
import { retryStrategy } from './task';
import { taskAccounts } from './task-accounts';

/** BuildKit's client and a shell; buildkitd does the build. */
const BUILD_IMAGE = 'moby/buildkit:v0.25.2-rootless';

/** The registry's login. */
const LOGIN_PATH = '/myelin/login';

/** Of BuildKit's client; buildkitd has the memory that a build needs. */
const BUILD_RESOURCES = { requests: { cpu: '50m', memory: '128Mi' } };

/** How long an attempt to build an image may take. */
const BUILD_SECONDS = 3600;

/**
 * Builds the image of a task or model server and outputs its reference by digest. Two runs that build the same content at once push the
 * same content, so no lock is needed.
 */
export function build(loop: Loop, { identifier, image }: ContainerData, { source, context, dockerfile, builder }: RecipeData): Step {
  const { platform: { builder: address, registryCredentials: login }, stepPod: pod } = loop;
  return {
    template: {
      name: buildStep(identifier),
      serviceAccountName: loop.taskAccount.name,
      ...stepPod(loop, { pod, patch: EXECUTOR_TOKEN }),
      inputs: { artifacts: [sourceArtifact(source!)] },
      outputs: { parameters: [{ name: 'image', valueFrom: { path: `${OUT_PATH}/image` } }] },
      activeDeadlineSeconds: BUILD_SECONDS,
      // A builder exits with 65 when a retry cannot help, as the runtime's programs do.
      retryStrategy: { ...retryStrategy(LOST_POD_RETRIES, BUILD_SECONDS), expression: `asInt(lastRetry.exitCode) != ${PERMANENT_EXIT_CODE}` },
      container: {
        image: BUILD_IMAGE,
        command: ['sh', '-euc'],
        args: [builder === undefined ? BUILD_SCRIPT : `${SOURCE_DOCKERFILE}\n${BUILD_SCRIPT}`],
        env: toEnv({
          BUILDKIT_HOST: address!,
          BUILD_CONTEXT: context,
          BUILD_TARGET: image.reference,
          DOCKERFILE: dockerfile === undefined ? `${OUT_PATH}/Dockerfile` : `${context}/${dockerfile}`,
          HOME: HOME_PATH,
          ...(login && { DOCKER_CONFIG: LOGIN_PATH }),
          ...(builder !== undefined && { BUILDER_IMAGE: builder }),
        }),
        resources: BUILD_RESOURCES,
        volumeMounts: [
          { name: 'home', mountPath: HOME_PATH },
          ...(login ? [{ name: 'login', mountPath: LOGIN_PATH, readOnly: true }] : []),
          { name: 'out', mountPath: OUT_PATH },
          ...(pod?.volumeMounts ?? []),
        ],
        securityContext: CONTAINER_SECURITY,
      },
      volumes: [
        { name: 'home', emptyDir: {} },
        ...(login ? [{ name: 'login', secret: { secretName: login.name, items: [{ key: login.key, path: 'config.json' }] } }] : []),
        { name: 'out', emptyDir: {} },
        ...(pod?.spec?.volumes ?? []),
      ],
    },
    accounts: taskAccounts(loop),
    documents: [],
  };
}

/** The source as Argo fetches it. */
export function sourceArtifact({ path, git, s3 }: SourceData): ArgoArtifact {
  return {
    name: 'source',
    path,
    ...(git && { git: { repo: git.repository, revision: git.revision, sshPrivateKeySecret: git.sshKey } }),
    ...(s3 && { s3: { endpoint: s3.endpoint, bucket: s3.bucket, key: s3.key, accessKeySecret: s3.accessKey, secretKeySecret: s3.secretKey } }),
  };
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

/** Writes the Dockerfile that a source-to-image builder would use: the folder's requirements and environment. */
const SOURCE_DOCKERFILE = `cd "$BUILD_CONTEXT"
{
  echo "FROM $BUILDER_IMAGE"
  echo 'WORKDIR /app'
  if [ -f .s2i/environment ]; then sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=\\(.*\\)$/ENV \\1="\\2"/p' .s2i/environment; fi
  echo 'COPY . /app'
  if [ -f requirements.txt ]; then echo 'RUN pip install --no-cache-dir -r requirements.txt'; fi
  echo 'USER 1000'
} > "$DOCKERFILE"`;
