import { randomBytes } from 'node:crypto';
import { LABEL, MANAGED_BY } from '../contract/constants.js';
import { hasCode } from '../shared/errors.js';
import type { ProgramContext } from '../shared/program.js';
import { KINDS, type KubeObject } from './client.js';

interface SecretObject extends KubeObject {
  type: string;
  data: Record<string, string>;
}

/** `bootstrap --secret --key [--labels]`: makes a Secret with a random token, when there is none of that name. Never touches one that is there. */
export async function bootstrap(context: ProgramContext): Promise<void> {
  const [name, key] = [context.arg('secret'), context.arg('key')];
  const labels = JSON.parse(context.args.labels ?? '{}') as Record<string, string>;
  const kube = context.kube(context.needed('NAMESPACE'));
  if (await kube.get(KINDS.Secret, name) !== undefined) {
    context.log.info({ secret: name }, 'secret is there already');
    return;
  }
  const token = randomBytes(32).toString('base64url');
  const secret: SecretObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, labels: { ...labels, [LABEL.MANAGED_BY]: MANAGED_BY } },
    type: 'Opaque',
    data: { [key]: Buffer.from(token).toString('base64') },
  };
  try {
    await kube.create(KINDS.Secret, secret);
    context.log.info({ secret: name }, 'secret made');
  } catch (error) {
    // Another bootstrap was faster; its token is as good.
    if (!hasCode(error, 'MYELIN_KUBE_EXISTS')) throw error;
    context.log.info({ secret: name }, 'secret is there already');
  }
}
