import type { Objects } from '../controller.js';
import type { KubeObject } from '../objects/kube-object.js';
import { compileGovaluate } from '../workflow/expression/govaluate.js';
import { refusal, unsupported, type Shape } from '../workflow/shape.js';
import { checkParameter } from './parameters.js';
import type { SensorSpec } from './sensor-run.js';

const POD: Shape = { ignored: 'the cluster itself listens, there is no pod' };

const EVENT_SOURCE: Shape = {
  fields: {
    eventBusName: 'any',
    replicas: POD,
    template: POD,
    service: 'any',
    webhook: {
      map: {
        fields: {
          endpoint: 'any',
          port: 'any',
          method: 'any',
          authSecret: { fields: { name: 'any', key: 'any' } },
          maxPayloadSize: 'any',
          metadata: 'any',
          url: { ignored: 'it is for those who register themselves elsewhere' },
        },
      },
    },
  },
};

const SENSOR: Shape = {
  fields: {
    eventBusName: 'any',
    replicas: POD,
    template: 'any',
    revisionHistoryLimit: POD,
    loggingFields: { ignored: 'it names what is logged' },
    dependencies: {
      each: {
        fields: {
          name: 'any',
          eventSourceName: 'any',
          eventName: 'any',
          filters: { fields: { data: { each: { fields: { path: 'any', type: 'any', value: 'any', comparator: 'any' } } }, dataLogicalOperator: 'any' } },
        },
      },
    },
    triggers: {
      each: {
        fields: {
          atLeastOnce: 'any',
          rateLimit: { ignored: 'it only delays what a pod costs, which is a process here' },
          retryStrategy: { fields: { steps: 'any', duration: 'any', factor: 'any', jitter: 'any' } },
          template: {
            fields: {
              name: 'any',
              conditions: 'any',
              k8s: {
                fields: {
                  operation: 'any',
                  patchStrategy: 'any',
                  source: { fields: { resource: 'any' } },
                  parameters: {
                    each: {
                      fields: {
                        src: {
                          fields: { dependencyName: 'any', contextKey: 'any', contextTemplate: 'any', dataKey: 'any', dataTemplate: 'any', value: 'any', useRawData: 'any' },
                        },
                        dest: 'any',
                        operation: 'any',
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

/** Why an EventSource cannot be run here, if so. */
export function refuseEventSource(spec: unknown): string | undefined {
  const found = unsupported(spec, EVENT_SOURCE, 'spec');
  return found.length === 0 ? undefined : refusal(found);
}

/** Why a Sensor cannot be run here, if so; besides what is not supported, what Argo Events itself would stumble over. */
export function refuseSensor(spec: SensorSpec): string | undefined {
  const found = unsupported(spec, SENSOR, 'spec');
  if (found.length > 0) return refusal(found);
  const names = new Set(spec.dependencies.map(({ name }) => name));
  for (const [at, { template }] of spec.triggers.entries()) {
    const path = `spec.triggers[${at}].template`;
    const { k8s } = template;
    if (k8s === undefined) return `'${path}' (${template.name}) has no 'k8s', which is the only kind of trigger that the pocket cluster supports`;
    if (!['', 'create', 'patch', undefined].includes(k8s.operation)) return refusal([{ path: `${path}.k8s.operation`, got: String(k8s.operation) }]);
    if (!['', MERGE_PATCH, undefined].includes(k8s.patchStrategy)) return refusal([{ path: `${path}.k8s.patchStrategy`, got: k8s.patchStrategy! }]);
    const unknown = conditionsOf(template.conditions, names);
    if (unknown !== undefined) return `'${path}.conditions' (${template.conditions}) ${unknown}`;
    for (const [index, parameter] of (k8s.parameters ?? []).entries()) {
      try {
        checkParameter(parameter);
      } catch (error) {
        return `'${path}.k8s.parameters[${index}]' (${parameter.dest}) cannot be read: ${(error as Error).message}`;
      }
    }
  }
  return undefined;
}

/** Why a bus cannot carry events, if so. */
export function refuseBus(objects: Objects, namespace: string, name: string): string | undefined {
  const bus: KubeObject | undefined = objects.get({ kind: 'EventBus', namespace, name });
  if (bus === undefined) return `there is no EventBus '${name}' in namespace '${namespace}'`;
  const other = Object.keys(bus.spec ?? {}).find((key) => key !== 'jetstream');
  return other === undefined ? undefined : refusal([{ path: `EventBus ${name}: spec.${other}`, got: 'no jetstream' }]);
}

const MERGE_PATCH = 'application/merge-patch+json';

function conditionsOf(conditions: string | undefined, names: ReadonlySet<string>): string | undefined {
  if (!conditions) return undefined;
  try {
    compileGovaluate(conditions.replaceAll('-', '\\-'), 'variables');
  } catch (error) {
    return `is no condition over dependencies: ${(error as Error).message}`;
  }
  const unknown = (conditions.match(/[\w-]+/g) ?? []).find((name) => !names.has(name));
  return unknown === undefined ? undefined : `names '${unknown}', which is no dependency`;
}
