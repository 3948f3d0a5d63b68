import type { Objects } from '../controller.js';
import { fieldOf } from './field-ref.js';
import type { Container, EnvVar, Pod } from './pod.js';
import { contentOf, NotReadyYet } from './volumes.js';

/** What of this machine's environment goes into containers: how to find programs, speak and reach the network. */
const PASSED = /^(PATH|LANG|LC_\w+|TZ|TMPDIR|SSL_\w+|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|OMP_NUM_THREADS|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY)$/;

/** The part of the machine's environment that containers get. */
export function machineEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  // Many small processes at once: each with a thread per core would only wait for the others.
  const passed: Record<string, string> = { OMP_NUM_THREADS: '1' };
  for (const [name, value] of Object.entries(env)) if (value !== undefined && PASSED.test(name)) passed[name] = value;
  const { no_proxy: lower, NO_PROXY: upper } = passed;
  if (Object.keys(passed).some((name) => /^(https?|all)_proxy$/i.test(name))) {
    passed.no_proxy = [lower ?? upper, 'localhost', '127.0.0.1'].filter((each) => each !== undefined).join(',');
    passed.NO_PROXY = passed.no_proxy;
  }
  return passed;
}

/** A variable that the pod's spec sets; a secret one is taken as it is, never looked into. */
export interface Variable {
  readonly value: string;
  readonly secret: boolean;
}

/** The variables of a container's `envFrom` and `env` in order, later ones winning; `$(NAME)` in a value stands for one before. Throws NotReadyYet. */
export function containerVariables(container: Container, pod: Pod, objects: Objects): Map<string, Variable> {
  const namespace = pod.metadata.namespace ?? 'default';
  const variables = new Map<string, Variable>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const kind = secretRef === undefined ? 'ConfigMap' : 'Secret';
    const reference = (secretRef ?? configMapRef)!;
    const source = objects.get({ kind, namespace, name: reference.name });
    if (source === undefined && !reference.optional) throw new NotReadyYet(`${kind} '${reference.name}' not found`);
    for (const [key, value] of contentOf(source)) variables.set(prefix + key, { value: value.toString(), secret: kind === 'Secret' });
  }
  for (const variable of container.env ?? []) {
    const found = valueOf(variable, pod, namespace, objects);
    if (found === undefined) continue;
    const inClear = variable.valueFrom === undefined;
    variables.set(variable.name, inClear ? { ...found, value: expanded(found.value, (name) => variables.get(name)?.value) } : found);
  }
  return variables;
}

/** Kubernetes' own `$(NAME)`; `$$(NAME)` is a literal one, and what is not set stays as it is. */
export function expanded(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (whole, name?: string) => (name === undefined ? '$' : value(name) ?? whole));
}

function valueOf({ name, value, valueFrom }: EnvVar, pod: Pod, namespace: string, objects: Objects): Variable | undefined {
  if (valueFrom === undefined) return { value: value ?? '', secret: false };
  if (valueFrom.fieldRef !== undefined) return { value: fieldOf(pod, valueFrom.fieldRef.fieldPath), secret: false };
  const kind = valueFrom.secretKeyRef === undefined ? 'ConfigMap' : 'Secret';
  const reference = valueFrom.secretKeyRef ?? valueFrom.configMapKeyRef;
  if (reference === undefined) throw new Error(`'valueFrom' of variable '${name}' names nothing that the laptop's cluster knows`);
  const found = contentOf(objects.get({ kind, namespace, name: reference.name })).get(reference.key);
  if (found !== undefined) return { value: found.toString(), secret: kind === 'Secret' };
  if (reference.optional) return undefined;
  throw new NotReadyYet(`${kind} '${reference.name}' has no key '${reference.key}' for variable '${name}'`);
}
