import type { ClusterLog, Controller, Objects } from '../controller.js';
import { isOwnedBy, ownerOf, refOf, withCondition } from '../objects/kube-object.js';
import { randomSuffix } from '../objects/random-suffix.js';
import type { Pod } from '../pods/pod.js';
import { WorkQueue, type Reconciled } from '../workqueue.js';
import { planned } from './deployment-plan.js';
import { refusedDeployment, templateHash, TEMPLATE_HASH, type Deployment } from './deployment.js';

/** Room in a pod's name for the template's hash and the random end. */
const LONGEST_PREFIX = 46;

/** Keeps the pods of Deployments running. The pods are the Deployment's own: there are no ReplicaSets. */
export class DeploymentController implements Controller {
  readonly name = 'deployments';
  private readonly queue: WorkQueue;
  private readonly ends: (() => void)[] = [];

  constructor(private readonly objects: Objects, private readonly log: ClusterLog) {
    this.queue = new WorkQueue(async (key) => this.reconcile(key), log);
  }

  async start(): Promise<void> {
    this.ends.push(
      this.objects.watch('Deployment', ({ object: { metadata } }) => this.queue.add(`${metadata.namespace}/${metadata.name}`)),
      this.objects.watch('Pod', ({ object: { metadata } }) => {
        for (const owner of metadata.ownerReferences ?? []) if (owner.kind === 'Deployment') this.queue.add(`${metadata.namespace}/${owner.name}`);
      }),
    );
  }

  async stop(): Promise<void> {
    for (const end of this.ends) end();
    await this.queue.stop();
  }

  private async reconcile(key: string): Promise<Reconciled> {
    const [namespace, name] = key.split('/') as [string, string];
    const deployment = this.objects.get({ kind: 'Deployment', namespace, name }) as Deployment | undefined;
    if (deployment === undefined) return undefined;
    const refused = refusedDeployment(deployment);
    if (refused !== undefined) return this.refuse(deployment, refused);
    const hash = templateHash(deployment);
    const plan = planned(deployment, this.podsOf(deployment), hash, Date.now());
    for (const pod of plan.remove) this.objects.remove(refOf(pod));
    for (let started = 0; started < plan.start; started++) this.startPod(deployment, hash);
    this.objects.update(refOf(deployment), (now) => (now.metadata.uid === deployment.metadata.uid ? { ...now, status: plan.status } : undefined));
    return plan.again === undefined ? undefined : { again: plan.again };
  }

  private refuse(deployment: Deployment, message: string): void {
    const problem = { type: 'ReplicaFailure', status: 'True', reason: 'Unsupported', message } as const;
    this.objects.update(refOf(deployment), ({ status, ...rest }) => {
      if (status?.conditions?.every((each: { message?: string }) => each.message !== message) ?? true) this.log.warn('a deployment is refused', { name: keyOf(deployment), message });
      const now = new Date().toISOString();
      const stuck = { type: 'Progressing', status: 'False', reason: 'Unsupported', message } as const;
      const conditions = withCondition(withCondition(status?.conditions, problem, now), stuck, now);
      return { ...rest, status: { ...status, observedGeneration: rest.metadata.generation, conditions } } as Deployment;
    });
  }

  private startPod(deployment: Deployment, hash: string): void {
    const { metadata, spec: { template } } = deployment;
    this.objects.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${metadata.name.slice(0, LONGEST_PREFIX)}-${hash}-${randomSuffix()}`,
        namespace: metadata.namespace,
        labels: { ...template.metadata?.labels, [TEMPLATE_HASH]: hash },
        annotations: template.metadata?.annotations,
        ownerReferences: [ownerOf(deployment)],
      },
      spec: { restartPolicy: 'Always', ...template.spec },
    });
  }

  private podsOf({ metadata }: Deployment): Pod[] {
    return this.objects.list('Pod', { namespace: metadata.namespace }).filter((pod) => isOwnedBy(pod, metadata.uid!)) as Pod[];
  }
}

function keyOf({ metadata }: Deployment): string {
  return `${metadata.namespace}/${metadata.name}`;
}
