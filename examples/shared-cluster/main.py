from cdk8s import App, Chart, Cron, Duration, JsonPatch, Size
from cdk8s_plus_27 import (
    Cpu, CpuResources, MemoryResources, PersistentVolumeAccessMode, PersistentVolumeClaim, Secret, SecretValue, ServiceAccount, k8s,
)
from cdk8s_myelin import (
    AlertRetrainSensor, Axon, ComputeResources, Condition, ContainerTask, HyperbandTuner, Image, ImageBuilder, Model, ModelGraph, ModelServer,
    Objective, Parameter, Platform, PodOptions, Rollout, Sensor, Storage, TrainingTask, Trigger,
)

app = App()

# What both namespaces have in common.
cluster = dict(
    registry="registry.example.org/ml",
    image_builder=ImageBuilder.external(),
    prometheus="http://prometheus-operated.observability.svc:9090",
    monitoring_namespace="observability",
    monitoring_labels={"release": "kube-prometheus-stack"},
)

namespaces = Chart(app, "namespaces")
for name in ["vision", "insights"]:
    k8s.KubeNamespace(namespaces, name, metadata=k8s.ObjectMeta(name=name, labels={"pod-security.kubernetes.io/enforce": "restricted"}))

# Namespace 'vision': a pool of GPU nodes, an account with rights in the cloud, a quota.
vision_base = Chart(app, "vision-base", namespace="vision", labels={"example.org/cost-centre": "4711"})
k8s.KubeResourceQuota(
    vision_base, "quota",
    metadata=k8s.ObjectMeta(name="vision"),
    spec=k8s.ResourceQuotaSpec(hard={"requests.cpu": k8s.Quantity.from_number(64), "requests.memory": k8s.Quantity.from_string("256Gi")}),
)
trainer = ServiceAccount(vision_base, "trainer", metadata={"name": "vision-trainer", "annotations": {"iam.example.org/role": "read-images"}})

vision = Axon(
    Chart(app, "vision", namespace="vision", labels={"example.org/cost-centre": "4711"}), "vision",
    platform=Platform(
        vision_base, "platform", hosts=["vision.models.example.org"], pod=PodOptions(node_selector={"example.org/pool": "system"}), **cluster,
    ),
    labels={"example.org/team": "vision"},
    service_account=trainer,
    pod=PodOptions(image_pull_secrets=[Secret.from_secret_name(vision_base, "pull", "registry-pull")], priority_class_name="batch"),
    step_pod=PodOptions(node_selector={"example.org/pool": "system"}),
)
images = ContainerTask(vision, "images", image=Image.from_registry("registry.example.org/ml/images:3.1", command=["python", "fetch.py"]))
fit = TrainingTask(
    vision, "fit",
    image=Image.from_registry("registry.example.org/ml/fit:3.1", command=["python", "fit.py"]),
    objective=Objective.minimize("validation_loss"),
    metrics=["test_accuracy"],
    resources=ComputeResources(
        cpu=CpuResources(request=Cpu.units(4)),
        memory=MemoryResources(request=Size.gibibytes(16), limit=Size.gibibytes(16)),
        extended_resources={"nvidia.com/gpu": 1},
    ),
    pod=PodOptions(
        node_selector={"example.org/pool": "gpu"},
        tolerations=[k8s.Toleration(key="nvidia.com/gpu", operator="Exists", effect="NoSchedule")],
        annotations={"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
        volumes=[k8s.Volume(name="shared-memory", empty_dir=k8s.EmptyDirVolumeSource(medium="Memory", size_limit=k8s.Quantity.from_string("2Gi")))],
        volume_mounts=[k8s.VolumeMount(name="shared-memory", mount_path="/dev/shm")],
    ),
)
search = HyperbandTuner(vision, "search", task=fit, min_budget=1, max_budget=27, concurrency=4, pod=PodOptions(priority_class_name="trials"))
search.add_parameter("rate", Parameter.float(min=0.0001, max=0.1, log=True))
search.add_parameter("depth", Parameter.integer(min=2, max=12))
answer = ModelServer(
    vision, "answer",
    image=Image.from_registry("registry.example.org/ml/answer:3.1"),
    predictor="Vision",
    resources=ComputeResources(
        cpu=CpuResources(request=Cpu.units(1)), memory=MemoryResources(request=Size.gibibytes(2), limit=Size.gibibytes(2)),
    ),
    pod=PodOptions(
        priority_class_name="online",
        topology_spread_constraints=[
            k8s.TopologySpreadConstraint(max_skew=1, topology_key="topology.kubernetes.io/zone", when_unsatisfiable="ScheduleAnyway"),
        ],
    ),
)
classifier = ModelGraph(
    vision, "classifier",
    models=[Model.from_training("vision", trainer=fit, server=answer)],
    replicas=3,
    rollout=Rollout.generations(newest=90, previous=10),
)
Sensor(vision, "start", steps=[images, fit])
Sensor(
    vision, "fitted",
    triggers=[fit.succeeded()],
    conditions=[fit.metric("test_accuracy").above(0.9), Condition.better_than_live(classifier, "test_accuracy")],
    steps=[classifier.deploy()],
)
AlertRetrainSensor(
    vision, "decayed",
    model=classifier,
    alert=classifier.accuracy(window=Duration.hours(1), minimum_samples=500).below(0.85),
    steps=[images, fit],
)

# Namespace 'insights': two axons that share a platform and a claim.
insights = dict(cluster, hosts=["insights.models.example.org"])
insights_base = Chart(app, "insights-base", namespace="insights", labels={"example.org/cost-centre": "0815"})
PersistentVolumeClaim(
    insights_base, "claim",
    metadata={"name": "warehouse-extracts"}, access_modes=[PersistentVolumeAccessMode.READ_WRITE_MANY], storage=Size.gibibytes(500),
)
platform = Platform(insights_base, "platform", **insights)

reports_chart = Chart(app, "reports", namespace="insights", labels={"example.org/cost-centre": "0815"})
reports = Axon(
    reports_chart, "reports",
    platform=platform,
    # The claim exists: here in another chart, elsewhere perhaps in another repository.
    storage=Storage.from_claim(PersistentVolumeClaim.from_claim_name(reports_chart, "claim", "warehouse-extracts")),
    parameters={"region": "eu"},
)
report = ContainerTask(
    reports, "report",
    image=Image.from_registry("registry.example.org/ml/report:1.4", command=["report"]),
    env={"REGION": reports.parameter("region").value_as_string},
    secret_env={"WAREHOUSE_PASSWORD": SecretValue(secret=Secret.from_secret_name(reports_chart, "warehouse", "warehouse"), key="password")},
)
Sensor(
    reports, "nightly",
    triggers=[Trigger.calendar("night", schedule=Cron.schedule(minute="30", hour="2"), time_zone="Europe/Berlin")],
    steps=[report],
)
Sensor(reports, "called", triggers=[Trigger.rest("report")], call_parameters=["region"], steps=[report])

extracts_chart = Chart(app, "extracts", namespace="insights", labels={"example.org/cost-centre": "0816"})
extracts = Axon(
    extracts_chart, "extracts",
    platform=Platform.from_platform_attributes(extracts_chart, "platform", namespace="insights", **insights),
    storage=Storage.from_claim(PersistentVolumeClaim.from_claim_name(extracts_chart, "claim", "warehouse-extracts")),
)
extract = ContainerTask(
    extracts, "extract", image=Image.from_registry("registry.example.org/ml/extract:0.9", command=["extract"]),
)
Sensor(extracts, "hourly", triggers=[Trigger.every("hour", Duration.hours(1))], steps=[extract])
# No property keeps more failed sweeps: the object itself is patched.
extracts.manifest("CronWorkflow", "extracts-sweep").add_json_patch(JsonPatch.replace("/spec/failedJobsHistoryLimit", 10))

app.synth()
