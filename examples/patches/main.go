// The program of main.ts in Go; both synthesise the same bytes.
package main

import (
	myelin "example.org/cdk8s-myelin-go/cdk8smyelin"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

const namespace = "default"

func main() {
	app := cdk8s.NewApp(nil)
	platform := myelin.NewPlatform(chart(app, "platform"), jsii.String("platform"), nil)
	axon := myelin.NewAxon(chart(app, "report-chart"), jsii.String("report"), &myelin.AxonProps{Platform: platform})

	// Patches can stand before the declarations that make their objects: no task and no sensor exists yet.
	patch(axon.Manifest(jsii.String("Service"), jsii.String("report-metrics")), cdk8s.JsonPatch_Add(jsii.String("/spec/trafficDistribution"), "PreferClose"))
	patch(axon.Manifest(jsii.String("CronWorkflow"), jsii.String("report-sweep")), cdk8s.JsonPatch_Replace(jsii.String("/spec/failedJobsHistoryLimit"), 10))
	patch(axon.Manifest(jsii.String("Workflow"), jsii.String("report-start")), cdk8s.JsonPatch_Add(jsii.String("/spec/priority"), 10))

	report := myelin.NewContainerTask(axon, jsii.String("report"), &myelin.ContainerTaskProps{
		Image: myelin.Image_FromRegistry(jsii.String("registry.example.org/ml/report:1.0"), &myelin.ImageOptions{Command: jsii.Strings("python", "report.py")}),
	})
	myelin.NewSensor(axon, jsii.String("start"), &myelin.SensorProps{Steps: &[]myelin.IStep{report}})
	myelin.NewSensor(axon, jsii.String("nightly"), &myelin.SensorProps{
		Triggers: &[]myelin.ITrigger{myelin.Trigger_Calendar(jsii.String("night"), &myelin.CalendarTriggerOptions{
			Schedule: cdk8s.Cron_Schedule(&cdk8s.CronOptions{Minute: jsii.String("0"), Hour: jsii.String("3")}),
		})},
		Steps: &[]myelin.IStep{report},
	})

	// They can stand after them, too. The axon's WorkflowTemplate is its default child.
	patch(cdk8s.ApiObject_Of(axon))
	patch(axon.Manifest(jsii.String("EventSource"), nil))
	patch(axon.Manifest(jsii.String("Sensor"), nil))
	patch(axon.Manifest(jsii.String("CronWorkflow"), jsii.String("report-nightly")))
	patch(platform.Manifest(jsii.String("EventBus"), jsii.String("default")), cdk8s.JsonPatch_Add(jsii.String("/spec/jetstream/persistence/storageClassName"), "fast"))

	app.Synth()
}

func chart(app cdk8s.App, id string) cdk8s.Chart {
	return cdk8s.NewChart(app, jsii.String(id), &cdk8s.ChartProps{Namespace: jsii.String(namespace)})
}

// patch adds the labels of the inventory and the annotation of the on-call tool, and then the patches.
func patch(manifest cdk8s.ApiObject, patches ...cdk8s.JsonPatch) {
	manifest.Metadata().AddLabel(jsii.String("example.org/team"), jsii.String("insights"))
	manifest.Metadata().AddLabel(jsii.String("example.org/cost-center"), jsii.String("4711"))
	manifest.Metadata().AddAnnotation(jsii.String("example.org/on-call"), jsii.String("insights@example.org"))
	manifest.AddJsonPatch(patches...)
}
