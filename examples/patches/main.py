"""The program of main.ts in Python; both synthesise the same bytes."""

from cdk8s import ApiObject, App, Chart, Cron, JsonPatch
import cdk8s_myelin as myelin

app = App()
NAMESPACE = "default"

platform = myelin.Platform(Chart(app, "platform", namespace=NAMESPACE), "platform")
axon = myelin.Axon(Chart(app, "report-chart", namespace=NAMESPACE), "report", platform=platform)


def mark(manifest: ApiObject) -> ApiObject:
    """Adds the labels of the inventory and the annotation of the on-call tool."""
    manifest.metadata.add_label("example.org/team", "insights")
    manifest.metadata.add_label("example.org/cost-center", "4711")
    manifest.metadata.add_annotation("example.org/on-call", "insights@example.org")
    return manifest


# Patches can stand before the declarations that make their objects: no task and no sensor exists yet.
# A built-in kind, and a field that is newer than Kubernetes 1.27.
mark(axon.manifest("Service", "report-metrics")).add_json_patch(JsonPatch.add("/spec/trafficDistribution", "PreferClose"))
# A custom resource: keep more failed sweeps.
mark(axon.manifest("CronWorkflow", "report-sweep")).add_json_patch(JsonPatch.replace("/spec/failedJobsHistoryLimit", 10))
# The run-once Workflow, by its id: its name without the hash. The workflow controller starts it before other queued runs.
mark(axon.manifest("Workflow", "report-start")).add_json_patch(JsonPatch.add("/spec/priority", 10))

report = myelin.ContainerTask(
    axon, "report",
    image=myelin.Image.from_registry("registry.example.org/ml/report:1.0", command=["python", "report.py"]),
)
myelin.Sensor(axon, "start", steps=[report])
myelin.Sensor(
    axon, "nightly",
    triggers=[myelin.Trigger.calendar("night", schedule=Cron.schedule(minute="0", hour="3"))],
    steps=[report],
)

# They can stand after them, too. The axon's WorkflowTemplate is its default child.
for manifest in [ApiObject.of(axon), axon.manifest("EventSource"), axon.manifest("Sensor"), axon.manifest("CronWorkflow", "report-nightly")]:
    mark(manifest)
# What all axons of the namespace share.
mark(platform.manifest("EventBus", "default")).add_json_patch(JsonPatch.add("/spec/jetstream/persistence/storageClassName", "fast"))

app.synth()
