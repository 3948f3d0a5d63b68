import { LABEL, PARAMETER, sensorTemplate } from '../contract/constants';
import { ArgoWorkflowSpec } from '../crd/argo-workflows';
import { Loop } from '../loop/loop';
import { isRunOnce, SensorData } from '../loop/sensor';
import { wakeText } from './documents/wake';
import { axonLabels } from './labels';
import { Manifest } from './manifest';
import { runFingerprint } from './run-fingerprint';

/**
 * A Workflow for each sensor without triggers. Its name ends in a hash of what it runs: applying it again does
 * nothing, and it has no TTL, so no clean-up makes it run again.
 */
export function runOnceWorkflows(loop: Loop): Manifest[] {
  return loop.sensors.filter(isRunOnce).map((sensor) => runOnceWorkflow(loop, sensor));
}

function runOnceWorkflow(loop: Loop, sensor: SensorData): Manifest {
  const { name: axon, namespace } = loop;
  const fingerprint = runFingerprint(loop, sensor);
  const spec: ArgoWorkflowSpec = {
    entrypoint: sensorTemplate(sensor.identifier),
    workflowTemplateRef: { name: axon },
    arguments: { parameters: [{ name: PARAMETER.EVENT, value: wakeText({ contract: 1, kind: 'once', sensor: sensor.identifier, fingerprint }) }] },
  };
  const id = `${axon}-${sensor.identifier}`;
  const labels = { [LABEL.SENSOR]: sensor.identifier, ...axonLabels(loop, 'run') };
  return { kind: 'Workflow', id, name: `${id}-${fingerprint}`, namespace, labels, body: { spec } };
}
