import { LABEL } from '../../contract/constants.js';
import type { ModelDocument } from '../../contract/documents.js';
import type { ServerIdentity } from './names.js';

/** What every object of the releases of a model carries, and nothing else does together with a version. */
export function modelLabels({ axon, model }: Pick<ModelDocument, 'axon' | 'model'>): Record<string, string> {
  return { [LABEL.AXON]: axon, [LABEL.MODEL]: model };
}

/** Labels that only the pods of one server carry. They never change: a Deployment's selector cannot. */
export function serverLabels(axon: string, version: string, { model, node, backend }: ServerIdentity): Record<string, string> {
  return { ...modelLabels({ axon, model }), [LABEL.VERSION]: version, [LABEL.NODE]: node, [LABEL.BACKEND]: backend };
}
