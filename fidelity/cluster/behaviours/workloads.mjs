// Runs the Jobs and Deployments of workloads.yaml and prints what their controllers tell of them when nothing more is to come.
import { setTimeout as delay } from 'node:timers/promises';
import { apply, atATime, CONTAINER, document, evict, get, list, POD, remove, say, until, written } from './kube.mjs';

function object({ kind, metadata, spec: { template, ...spec } }) {
  const containers = template.spec.containers.map((container) => ({ ...container, securityContext: CONTAINER }));
  const labels = { ...template.metadata?.labels, behaviour: `${kind}-${metadata.name}` };
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata,
    spec: { ...spec, template: { metadata: { labels }, spec: { ...template.spec, containers, securityContext: POD } } },
  };
}

const ENDS = {
  Job: ({ type, status }) => /^(Complete|Failed)$/.test(type) && status === 'True',
  Deployment: ({ type, reason }) => type === 'Progressing' && /^(NewReplicaSetAvailable|ProgressDeadlineExceeded)$/.test(reason),
};

async function observe(one) {
  const { kind, metadata: { name }, act } = one;
  const pods = () => list('Pod', `behaviour=${kind}-${name}`);
  await apply(object(one));
  const running = () => until(`a Pod of ${name}`, async () => (await pods()).find(({ status }) => status?.phase === 'Running'));
  if (act === 'remove-pod') await remove('Pod', (await running()).metadata.name);
  if (act === 'evict') await evict((await running()).metadata.name);
  if (act === 'delete') {
    await running();
    await remove(kind, name, { propagationPolicy: 'Background' });
    await until(`Pods of ${name} to go`, async () => (await pods()).length === 0);
    return { kind, name, left: [await get(kind, name), ...await pods()].filter(Boolean).length };
  }
  const ended = await until(`${name} to end`, async () => {
    const { status } = await get(kind, name);
    return status?.conditions?.some(ENDS[kind]) && status;
  });
  await delay(2000);
  say(`${kind} ${name}: ${ended.conditions.map(({ type }) => type).join(', ')}`);
  // A Deployment whose containers come and go tells now of progress, now of none: what it told first counts.
  const live = kind === 'Job' ? await get(kind, name) : undefined;
  // Of Pods only those that stay as they are: those of failed Jobs go, those of Deployments come and go.
  const stay = (await pods()).filter(({ metadata }) => kind === 'Job' && metadata.deletionTimestamp === undefined);
  const result = { kind, name, ...traced(live?.status ?? ended, name), pods: stay.map(podOf).sort() };
  if (act !== 'watch-end') return result;
  await delay(20_000);
  return { ...result, pods: undefined, left: [await get(kind, name), ...await pods()].filter(Boolean).length };
}

const COUNTS = ['active', 'ready', 'succeeded', 'failed', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'];

/** Without names that are given by chance. */
function traced(status, name) {
  const chance = new RegExp(`${name}-[a-z0-9]+(-[a-z0-9]{5})?`, 'g');
  const stable = (text) => text?.replace(chance, `${name}-…`).replace(/(?<=for pod )[^/]+/, 'NS');
  return {
    conditions: status.conditions.map(({ type, status: holds, reason, message }) => ({ type, status: holds, reason, message: stable(message) }))
      .sort((a, b) => (a.type < b.type ? -1 : 1)),
    counts: Object.fromEntries(COUNTS.map((count) => [count, status[count]])),
  };
}

/** A Pod as those who wait for it see it. */
function podOf({ status: { phase, reason, containerStatuses = [] } }) {
  const { state, lastState } = containerStatuses[0] ?? {};
  const ended = state?.terminated ?? lastState?.terminated;
  return [phase, reason, state?.waiting?.reason, ended && `${ended.reason} ${ended.exitCode}`, ended?.message?.trim()].filter(Boolean).join(', ');
}

process.stdout.write(written({ workloads: await atATime(4, document('workloads.yaml'), observe) }));
