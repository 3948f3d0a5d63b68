import type { ModelDocument } from '../../contract/documents.js';
import type { ServerIdentity } from './names.js';

/** Labels that tell whose an object of a release is. */
export const LABEL = {
  AXON: 'myelin.io/axon',
  MODEL: 'myelin.io/model',
  VERSION: 'myelin.io/version',
  NODE: 'myelin.io/node',
  BACKEND: 'myelin.io/backend',
  METRICS: 'myelin.io/metrics',
  STORE: 'myelin.io/store',
} as const;

/** What every object of the releases of a model carries, and nothing else does together with a version. */
export function modelLabels({ axon, model }: Pick<ModelDocument, 'axon' | 'model'>): Record<string, string> {
  return { [LABEL.AXON]: axon, [LABEL.MODEL]: model };
}

/** Labels that only the pods of one server carry. They never change: a Deployment's selector cannot. */
export function serverLabels(axon: string, version: string, { model, node, backend }: ServerIdentity): Record<string, string> {
  return { ...modelLabels({ axon, model }), [LABEL.VERSION]: version, [LABEL.NODE]: node, [LABEL.BACKEND]: backend };
}
