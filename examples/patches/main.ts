import { ApiObject, App, Chart, Cron, JsonPatch } from 'cdk8s';
import { Axon, ContainerTask, Image, Platform, Sensor, Trigger } from 'cdk8s-myelin';

const app = new App();
const namespace = 'default';

const platform = new Platform(new Chart(app, 'platform', { namespace }), 'platform');
const axon = new Axon(new Chart(app, 'report-chart', { namespace }), 'report', { platform });

/** Adds the labels of the inventory and the annotation of the on-call tool. */
function mark(object: ApiObject): ApiObject {
  object.metadata.addLabel('example.org/team', 'insights');
  object.metadata.addLabel('example.org/cost-center', '4711');
  object.metadata.addAnnotation('example.org/on-call', 'insights@example.org');
  return object;
}

// Patches can stand before the declarations that make their objects: no task and no sensor exists yet.
// A built-in kind, and a field that is newer than Kubernetes 1.27.
mark(axon.manifest('Service', 'report-metrics')).addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));
// A custom resource: keep more failed sweeps.
mark(axon.manifest('CronWorkflow', 'report-sweep')).addJsonPatch(JsonPatch.replace('/spec/failedJobsHistoryLimit', 10));
// The run-once Workflow, by its id: its name without the hash. The workflow controller starts it before other queued runs.
mark(axon.manifest('Workflow', 'report-start')).addJsonPatch(JsonPatch.add('/spec/priority', 10));

const report = new ContainerTask(axon, 'report', {
  image: Image.fromRegistry('registry.example.org/ml/report:1.0', { command: ['python', 'report.py'] }),
});
new Sensor(axon, 'start', { steps: [report] });
new Sensor(axon, 'nightly', { triggers: [Trigger.calendar('night', { schedule: Cron.schedule({ minute: '0', hour: '3' }) })], steps: [report] });

// They can stand after them, too. The axon's WorkflowTemplate is its default child.
for (const object of [ApiObject.of(axon), axon.manifest('EventSource'), axon.manifest('Sensor'), axon.manifest('CronWorkflow', 'report-nightly')]) mark(object);
// What all axons of the namespace share.
mark(platform.manifest('EventBus', 'default')).addJsonPatch(JsonPatch.add('/spec/jetstream/persistence/storageClassName', 'fast'));

app.synth();
