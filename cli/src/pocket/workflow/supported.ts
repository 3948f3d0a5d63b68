import { unsupportedPatch } from './pod-spec-patch.js';
import { refusal, unsupported, type Shape, type Unsupported } from './shape.js';
import type { Template, WorkflowSpec } from './types.js';

const PLACEMENT = { ignored: 'there is one machine' } as const;
const METADATA: Shape = { fields: { labels: 'any', annotations: 'any' } };
const ARGUMENTS: Shape = { fields: { parameters: { each: { fields: { name: 'any', value: 'any', description: { ignored: 'it is for readers' } } } } } };
const HOOK: Shape = { fields: { template: 'any', arguments: ARGUMENTS, expression: 'any' } };
const RETRY: Shape = {
  fields: {
    limit: 'any', retryPolicy: 'any', expression: 'any', affinity: PLACEMENT, backoff: { fields: { duration: 'any', factor: 'any', maxDuration: 'any', cap: 'any' } },
  },
};

const GIT: Shape = {
  fields: {
    repo: 'any',
    revision: 'any',
    depth: { ignored: 'how much history is fetched changes no file' },
    singleBranch: { ignored: 'how much history is fetched changes no file' },
    branch: 'any',
    sshPrivateKeySecret: { ignored: 'the user\'s own git has their keys' },
    usernameSecret: { ignored: 'the user\'s own git has their passwords' },
    passwordSecret: { ignored: 'the user\'s own git has their passwords' },
    insecureIgnoreHostKey: { ignored: 'the user\'s own git knows the hosts' },
  },
};

const TEMPLATE: Shape = {
  fields: {
    name: 'any',
    inputs: {
      fields: {
        parameters: { each: { fields: { name: 'any', value: 'any', default: 'any', description: 'any', enum: 'any' } } },
        artifacts: { each: { fields: { name: 'any', path: 'any', git: GIT } } },
      },
    },
    outputs: { fields: { parameters: { each: { fields: { name: 'any', description: 'any', valueFrom: { fields: { path: 'any', default: 'any', parameter: 'any' } } } } } } },
    container: 'any',
    dag: {
      fields: {
        failFast: { ignored: 'what has begun runs to its end either way' },
        tasks: {
          each: {
            fields: {
              name: 'any', template: 'any', depends: 'any', dependencies: 'any', when: 'any', arguments: ARGUMENTS, hooks: { fields: { exit: HOOK } },
            },
          },
        },
      },
    },
    retryStrategy: RETRY,
    activeDeadlineSeconds: 'any',
    serviceAccountName: 'any',
    securityContext: 'any',
    volumes: 'any',
    metadata: METADATA,
    nodeSelector: PLACEMENT,
    affinity: PLACEMENT,
    tolerations: PLACEMENT,
    priorityClassName: PLACEMENT,
    podSpecPatch: 'any',
  },
};

const SPEC: Shape = {
  fields: {
    entrypoint: 'any',
    arguments: ARGUMENTS,
    workflowTemplateRef: { fields: { name: 'any' } },
    workflowMetadata: METADATA,
    serviceAccountName: 'any',
    securityContext: 'any',
    volumes: 'any',
    podMetadata: METADATA,
    podGC: { fields: { strategy: 'any', deleteDelayDuration: 'any' } },
    ttlStrategy: 'any',
    activeDeadlineSeconds: 'any',
    shutdown: 'any',
    onExit: 'any',
    hooks: { fields: { exit: { fields: { template: 'any', arguments: ARGUMENTS } } } },
    retryStrategy: RETRY,
    templates: { ignored: 'those that are reached are looked at one by one' },
    nodeSelector: PLACEMENT,
    affinity: PLACEMENT,
    tolerations: PLACEMENT,
    schedulerName: PLACEMENT,
    priority: PLACEMENT,
    podPriorityClassName: PLACEMENT,
    imagePullSecrets: { ignored: 'images are not pulled' },
    podSpecPatch: 'any',
    automountServiceAccountToken: { ignored: 'the runtime\'s programs alone get a token' },
    archiveLogs: { ignored: 'logs stay on the machine' },
  },
};

const CRON: Shape = {
  fields: {
    schedules: 'any',
    schedule: 'any',
    timezone: 'any',
    concurrencyPolicy: 'any',
    startingDeadlineSeconds: 'any',
    successfulJobsHistoryLimit: 'any',
    failedJobsHistoryLimit: 'any',
    suspend: 'any',
    workflowMetadata: METADATA,
    workflowSpec: 'any',
  },
};

/** Why a Workflow cannot be run here, if so: only what its entrypoint and its exit handler reach counts. */
export function refuseWorkflow(spec: WorkflowSpec): string | undefined {
  const found: Unsupported[] = [...unsupported(spec, SPEC, 'spec'), ...unsupportedPatch(spec.podSpecPatch, 'spec.podSpecPatch')];
  const templates = spec.templates ?? [];
  const reached = new Set<string>();
  const reach = (name: string | undefined): void => {
    const at = templates.findIndex((template) => template.name === name);
    const template = templates[at];
    if (name === undefined || template === undefined || reached.has(name)) return;
    reached.add(name);
    const path = `spec.templates[${at}]`;
    found.push(...unsupported(template, TEMPLATE, path), ...unsupportedPatch(template.podSpecPatch, `${path}.podSpecPatch`));
    if (template.container === undefined && template.dag === undefined) found.push({ path, got: `'${name}' without container and dag` });
    used(template).forEach(reach);
  };
  [spec.entrypoint, spec.onExit, spec.hooks?.exit?.template].forEach(reach);
  return found.length === 0 ? undefined : refusal(found);
}

/** Why a CronWorkflow cannot be run here, if so. */
export function refuseCronWorkflow(spec: unknown): string | undefined {
  const found = unsupported(spec, CRON, 'spec');
  return found.length === 0 ? undefined : refusal(found);
}

function used(template: Template): string[] {
  return (template.dag?.tasks ?? []).flatMap((task) => [task.template, ...(task.hooks?.exit ? [task.hooks.exit.template] : [])]);
}
