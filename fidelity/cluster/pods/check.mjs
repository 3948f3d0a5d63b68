// Checks the pods of pods.sh; exits with 1 when a pod lacks what the program declares.
// usage: node check.mjs PODS EVENTS     what kubectl prints as JSON
import { readFileSync } from 'node:fs';

const [pods, events] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')).items);
const faults = [];
const kinds = {};
for (const { metadata: { name, labels, annotations = {} }, spec } of pods) {
  const need = (holds, what) => holds || faults.push(`${name}: ${what}`);
  const component = labels['myelin.io/component'];
  kinds[component] = (kinds[component] ?? 0) + 1;
  need(labels['example.org/cost-centre'] === '4711', 'lacks the label of the chart');
  need(spec.tolerations?.some(({ key }) => key === 'myelin.test/dedicated'), 'lacks the toleration');
  need(spec.nodeSelector?.['myelin.test/pool'] === 'ml', 'lacks the node selector');
  for (const container of [...spec.initContainers ?? [], ...spec.containers]) {
    need(container.resources?.requests?.cpu && container.resources.requests.memory, `container '${container.name}' has no requests`);
  }
  if (component === 'trial') {
    need(annotations['example.org/trial'] === 'yes' && annotations['example.org/kind'] === 'user-code', 'lacks the annotations of the tuner and the axon');
    need(spec.containers[0].volumeMounts.some(({ mountPath }) => mountPath === '/scratch'), "lacks the mount of the tuner's task");
    need(spec.serviceAccountName === 'runner', 'runs under another account');
  }
  if (component === 'serve') {
    need(spec.topologySpreadConstraints?.length === 1, 'lacks the spread constraint');
    need(annotations['example.org/kind'] === 'user-code', 'lacks the annotation of the axon');
  }
}
for (const component of ['trial', 'serve', 'run', 'events', 'sensor', 'event-bus']) kinds[component] ?? faults.push(`no pod of component '${component}' was seen`);
faults.push(...events.filter(({ reason, message }) => /^Failed/.test(reason) && /exceeded quota|failed quota|violates PodSecurity/.test(message)).map(({ message }) => message));
console.log(`${pods.length} pods: ${Object.entries(kinds).map(([component, count]) => `${component} ${count}`).join(', ')}`);
console.log(faults.length === 0 ? 'every pod carries what the program declares' : faults.join('\n'));
process.exitCode = faults.length === 0 ? 0 : 1;
