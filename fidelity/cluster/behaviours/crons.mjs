// Lets the CronWorkflows of crons.yaml come round and prints which of their times made a Workflow, and what the controller tells of them.
import { setTimeout as delay } from 'node:timers/promises';
import { account, apply, ARGOS_OWN, CONTAINER, document, get, list, patch, POD, say, until, written } from './kube.mjs';

const MINUTE = 60_000;
const EVERY = 20 * MINUTE;

function cron({ metadata, act, spec: { workflowSpec, ...spec } }, now) {
  const templates = workflowSpec.templates.map((template) => ({
    ...template, ...(template.container && { container: { ...template.container, securityContext: CONTAINER } }),
  }));
  // As one looks whose controller was away when it was due: last run at the time before.
  const away = act && {
    status: { active: [], conditions: [], lastScheduledTime: new Date(Math.floor(now / EVERY) * EVERY - EVERY).toISOString().replace('.000', '') },
  };
  const schedule = `CRON_TZ=${spec.timezone} ${act === 'edited' ? '*/7 * * * *' : spec.schedules}`;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { ...metadata, ...(act && { annotations: { 'cronworkflows.argoproj.io/last-used-schedule': schedule } }) },
    spec: { ...spec, workflowSpec: { ...workflowSpec, templates, serviceAccountName: 'workflow', securityContext: POD, podSpecPatch: ARGOS_OWN } },
    ...away,
  };
}

async function observe(one) {
  const { metadata: { name }, for: seconds, act } = one;
  // Well after a minute has begun, and not about when one of the seldom ones is due.
  const near = () => Date.now() % EVERY > EVERY - 3 * MINUTE || Date.now() % EVERY < MINUTE;
  do await delay(MINUTE - Date.now() % MINUTE + 10_000); while (act && near());
  const began = Date.now();
  await apply(cron(one, began));
  const seen = new Map();
  for (const end = began + seconds * 1000; Date.now() < end;) {
    for (const { metadata, status } of await list('Workflow', `workflows.argoproj.io/cron-workflow=${name}`)) {
      seen.set(metadata.name, { made: Date.parse(metadata.creationTimestamp), phase: status?.phase, metadata });
    }
    await delay(1000);
  }
  const runs = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([run, { made, metadata }]) => {
    const due = Number(run.slice(name.length + 1)) * 1000;
    const { labels, annotations, ownerReferences } = metadata;
    return {
      // Times of the seldom ones are counted back from when they were applied, those of the others on.
      due: act ? Math.round((due - Math.floor(began / EVERY) * EVERY) / EVERY) : Math.round((due - Math.floor(began / MINUTE) * MINUTE) / MINUTE),
      late: made - due > 30_000,
      labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !/phase|completed/.test(key))),
      annotated: Object.keys(annotations ?? {}).filter((key) => !/pod-name-format/.test(key)),
      owner: ownerReferences[0].kind,
    };
  });
  await patch('CronWorkflow', name, { spec: { suspend: true } });
  const own = () => list('Workflow', `workflows.argoproj.io/cron-workflow=${name}`);
  await until(`runs of ${name} to end`, async () => (await own()).every(({ status }) => ['Succeeded', 'Failed', 'Error'].includes(status?.phase)));
  await until(`runs of ${name} to be counted`, async () => ((await get('CronWorkflow', name)).status?.active ?? []).length === 0);
  await delay(15_000);
  const left = await own();
  const { metadata, status = {} } = await get('CronWorkflow', name);
  say(`${name}: ${runs.length} runs, ${left.length} left`);
  return {
    name,
    runs,
    left: left.length,
    annotation: metadata.annotations?.['cronworkflows.argoproj.io/last-used-schedule'],
    counted: { succeeded: status.succeeded ?? 0, failed: status.failed ?? 0, active: status.active?.length ?? 0 },
    conditions: (status.conditions ?? []).map(({ type, status: holds, message }) => [type, holds, message].filter(Boolean).join(' ')),
  };
}

await apply(...account('workflow', [{ apiGroups: ['argoproj.io'], resources: ['workflowtaskresults'], verbs: ['create', 'patch'] }]));
process.stdout.write(written({ crons: await Promise.all(document('crons.yaml').map(observe)) }));
