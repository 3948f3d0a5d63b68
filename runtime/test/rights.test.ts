import { KINDS } from '../src/kube/client.js';
import { MemoryKube } from '../src/kube/memory-client.js';
import { asProgram } from './rights.js';

// The programs' own tests run with the rights of their accounts; these show that they would fail without.

test('a program may do what its account may', async () => {
  const kube = new MemoryKube();
  const gate = asProgram('gate', 'digits', kube.client('default'));
  await gate.create(KINDS.ConfigMap, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'digits-ledger' } });
  const ledger = (await gate.get(KINDS.ConfigMap, 'digits-ledger'))!;
  await gate.replace(KINDS.ConfigMap, { ...ledger, data: { a: 'b' } } as typeof ledger);
  expect(kube.find('ConfigMap', 'digits-ledger')!.data).toEqual({ a: 'b' });
});

test.each<[string, (client: ReturnType<typeof asProgram>) => Promise<unknown>, string]>([
  ['gate', (client) => client.get(KINDS.ConfigMap, 'other-ledger'), 'the Role of gate does not let it get configmaps other-ledger'],
  ['gate', (client) => client.list(KINDS.ConfigMap), 'the Role of gate does not let it list configmaps'],
  ['tune', (client) => client.remove(KINDS.Job, 'x'), 'the Role of tune does not let it delete jobs x'],
  ['deploy', (client) => client.get(KINDS.Secret, 'x'), 'the Role of deploy does not let it get secrets x'],
  ['sweep', (client) => client.remove(KINDS.Workflow, 'x'), 'the Role of sweep does not let it delete workflows x'],
  ['serve', (client) => client.list(KINDS.Pod), 'the Role of serve does not let it list pods'],
])('%s may do no more: %#', async (program, call, message) => {
  const kube = new MemoryKube();
  await expect(call(asProgram(program, 'digits', kube.client('default')))).rejects.toThrow(message);
  expect(kube.callCount).toBe(0);
});
