import { WakeDocument } from '../../contract/documents';

/** The document that a Workflow without a delivered event has as its event. */
export function wakeText(document: WakeDocument): string {
  return JSON.stringify(document);
}
