import { labelsKey } from '../promql/labels.js';
import type { AlertView } from './monitoring.js';

/** Tells what became of alerts since the last time, and keeps it in mind. */
export function tellChanges(known: Map<string, AlertView>, alerts: readonly AlertView[], tell: (alert: AlertView) => void): void {
  const now = new Map(alerts.map((alert) => [labelsKey(alert.labels), alert]));
  for (const [key, alert] of known) {
    if (now.has(key)) continue;
    known.delete(key);
    // What was only pending has not been an alert to anybody.
    if (alert.state === 'firing') tell({ ...alert, state: 'resolved' });
  }
  for (const [key, alert] of now) {
    const before = known.get(key);
    known.set(key, alert);
    if (before?.state !== alert.state) tell(alert);
  }
}
