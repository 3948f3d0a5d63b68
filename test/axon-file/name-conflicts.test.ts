import { App, Chart } from 'cdk8s';
import { AxonFile } from '../../src';

/** A file of one axon, made in an app of its own. */
function file(name: string, { metadata = '', spec = '', task = 'work', rewritten = (text: string) => text } = {}): AxonFile {
  const read = new AxonFile(rewritten(`# an axon
apiVersion: myelin.io/v1alpha1
kind: Axon
metadata:
  name: ${name}
  ${metadata}
spec:
  ${spec}
  tasks:
    - name: ${task}
      container: {image: "registry.example.org/work:1.0", command: [work]}
  sensors:
    - name: start
      tasks: [{resourceExecutor: {task: work}}]
`), `${name}.yaml`);
  read.axonNames.forEach((axon) => read.make(new Chart(new App(), 'chart'), axon));
  return read;
}

/** The errors of files, and those of their comparison. */
function told(...files: AxonFile[]): string[] {
  return [...files.flatMap(({ problems }) => problems), ...AxonFile.compareNames(files)].filter(({ severity }) => severity === 'error').map((problem) => (
    `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`));
}

test('axons of different names have no conflict', () => {
  expect(told(file('a'), file('b'))).toEqual([]);
});

test('fails if the names of two axons become one, at the later name', () => {
  expect(told(file('churn-risk'), file('ChurnRisk'))).toEqual([
    "ChurnRisk.yaml:5:9: 'name' (ChurnRisk) is also the name of the axon in churn-risk.yaml:5 in namespace 'default', give one of them another 'name' or 'namespace'",
  ]);
});

test('axons of one name live in different namespaces', () => {
  expect(told(file('a', { metadata: 'namespace: one' }), file('A', { metadata: 'namespace: two' }))).toEqual([]);
});

test('fails if two axons of one file get one name', () => {
  const two = file('a', { rewritten: (text) => `${text}---\n${text.replace('name: a', 'name: A')}` });

  expect(told(two)).toEqual(["a.yaml:20:9: 'name' (A) is also the name of the axon in a.yaml:5 in namespace 'default', give one of them another 'name' or 'namespace'"]);
});

test('fails if an axon has a taken name, although its file has other errors', () => {
  expect(told(file('a'), file('A', { task: 'other' })).map((line) => line.slice(0, 12))).toEqual(['A.yaml:14:41', 'A.yaml:5:9: ']);
});

test('two axons can share the account of user code', () => {
  expect(told(file('a', { spec: 'serviceAccountName: ml' }), file('b', { spec: 'serviceAccountName: ml' }))).toEqual([]);
});

test.each([
  ['user code runs under the account of a step of another axon', { spec: 'serviceAccountName: a-gate' },
    "'object' (ServiceAccount default/a-gate and 2 more) is also created by the axon in a.yaml:5, with other content, give one of the axons another 'serviceAccountName'"],
  ['two axons create a claim of one name', { spec: 'volumeClaimTemplate: {metadata: {name: a-store}, spec: {resources: {requests: {storage: 1Gi}}}}' },
    "'object' (PersistentVolumeClaim default/a-store) is also created by the axon in a.yaml:5, with other content, give one of the claims another 'name'"],
])('fails if %s', (_, keys, message) => {
  expect(told(file('a'), file('b', keys))).toEqual([`b.yaml:5:9: ${message}`]);
});

test('fails if a volume of two axons has one name', () => {
  const folder = (name: string, namespace: string) => file(name, { metadata: `namespace: ${namespace}`, spec: 'volume: {hostPath: {path: /data}}' });

  expect(told(folder('loop', 'team-a'), folder('a-loop', 'team'))).toEqual([
    "a-loop.yaml:5:9: 'object' (PersistentVolume team-a-loop-store) is also created by the axon in loop.yaml:5, with other content, give one of the axons another 'name'",
  ]);
});

test('reports a conflict once, however often files are compared', () => {
  const files = [file('a'), file('A')];
  told(...files);

  expect(told(...files)).toHaveLength(1);
});
