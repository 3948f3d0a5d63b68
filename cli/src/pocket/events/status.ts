import type { Objects } from '../controller.js';
import type { ObjectRef } from '../objects/kube-object.js';

/** Notes on an EventSource or a Sensor whether it runs, and if not, why. Whether that is news. */
export function deployed(objects: Objects, ref: ObjectRef, refused: string | undefined): boolean {
  let isNew = false;
  objects.update(ref, (object) => {
    const condition = { type: 'Deployed', status: refused === undefined ? 'True' : 'False', ...(refused && { reason: 'Refused', message: refused }) };
    isNew = JSON.stringify(object.status?.conditions) !== JSON.stringify([condition]);
    return isNew ? { ...object, status: { conditions: [condition] } } : undefined;
  });
  return isNew;
}
