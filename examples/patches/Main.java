import java.util.List;
import org.cdk8s.ApiObject;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.Cron;
import org.cdk8s.CronOptions;
import org.cdk8s.JsonPatch;
import org.example.cdk8s.myelin.Axon;
import org.example.cdk8s.myelin.CalendarTriggerOptions;
import org.example.cdk8s.myelin.ContainerTask;
import org.example.cdk8s.myelin.Image;
import org.example.cdk8s.myelin.ImageOptions;
import org.example.cdk8s.myelin.Platform;
import org.example.cdk8s.myelin.Sensor;
import org.example.cdk8s.myelin.Trigger;

/** The program of main.ts in Java; both synthesise the same bytes. */
public final class Main {
  private static final String NAMESPACE = "default";

  public static void main(String[] args) {
    App app = new App();
    Platform platform = new Platform(chart(app, "platform"), "platform");
    Axon axon = Axon.Builder.create(chart(app, "report-chart"), "report").platform(platform).build();

    // Patches can stand before the declarations that make their objects: no task and no sensor exists yet.
    mark(axon.manifest("Service", "report-metrics")).addJsonPatch(JsonPatch.add("/spec/trafficDistribution", "PreferClose"));
    mark(axon.manifest("CronWorkflow", "report-sweep")).addJsonPatch(JsonPatch.replace("/spec/failedJobsHistoryLimit", 10));
    mark(axon.manifest("Workflow", "report-start")).addJsonPatch(JsonPatch.add("/spec/priority", 10));

    ContainerTask report = ContainerTask.Builder.create(axon, "report")
        .image(Image.fromRegistry("registry.example.org/ml/report:1.0", ImageOptions.builder().command(List.of("python", "report.py")).build()))
        .build();
    Sensor.Builder.create(axon, "start").steps(List.of(report)).build();
    Sensor.Builder.create(axon, "nightly")
        .triggers(List.of(Trigger.calendar("night", CalendarTriggerOptions.builder()
            .schedule(Cron.schedule(CronOptions.builder().minute("0").hour("3").build()))
            .build())))
        .steps(List.of(report))
        .build();

    // They can stand after them, too. The axon's WorkflowTemplate is its default child.
    List.of(ApiObject.of(axon), axon.manifest("EventSource"), axon.manifest("Sensor"), axon.manifest("CronWorkflow", "report-nightly")).forEach(Main::mark);
    mark(platform.manifest("EventBus", "default")).addJsonPatch(JsonPatch.add("/spec/jetstream/persistence/storageClassName", "fast"));

    app.synth();
  }

  private static Chart chart(App app, String id) {
    return Chart.Builder.create(app, id).namespace(NAMESPACE).build();
  }

  /** Adds the labels of the inventory and the annotation of the on-call tool. */
  private static ApiObject mark(ApiObject manifest) {
    manifest.getMetadata().addLabel("example.org/team", "insights");
    manifest.getMetadata().addLabel("example.org/cost-center", "4711");
    manifest.getMetadata().addAnnotation("example.org/on-call", "insights@example.org");
    return manifest;
  }
}
