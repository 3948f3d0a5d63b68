"""The loop of main.ts in Python; both synthesise the same bytes."""

from cdk8s import App, Chart, Duration, Size
import cdk8s_myelin as myelin

app = App()
NAMESPACE = "default"

# What all axons of the namespace share; its manifests are the same whatever axons there are.
platform = myelin.Platform(Chart(app, "platform", namespace=NAMESPACE), "platform")

axon = myelin.Axon(
    Chart(app, "digits-chart", namespace=NAMESPACE), "digits",
    platform=platform,
    source=myelin.Source.git(repository="https://git.example.org/ml/digits.git", revision="4f1c2d0"),
    storage=myelin.Storage.claim(size=Size.gibibytes(2)),
)

# What can run.
prepare = myelin.ContainerTask(
    axon, "prepare",
    image=myelin.Image.from_dockerfile("prepare/Dockerfile", command=["python", "prepare.py"]),
)
train = myelin.TrainingTask(
    axon, "train",
    image=myelin.Image.from_dockerfile("train/Dockerfile", command=["python", "train.py"]),
    objective=myelin.Objective.maximize("validation_accuracy"),
    metrics=["test_accuracy"],
)
myelin.HyperbandTuner(
    axon, "tuner",
    task=train,
    min_budget=3,  # epochs
    max_budget=27,
    brackets=3,
    concurrency=2,
    space={
        "learning-rate": myelin.Parameter.float(min=0.0001, max=0.1, log=True),
        "hidden-units": myelin.Parameter.integer(min=16, max=256, log=True),
        "activation": myelin.Parameter.categorical(["relu", "tanh"]),
        "alpha": myelin.Parameter.float(min=0.000001, max=0.01, log=True),
    },
)
serve = myelin.ModelServer(axon, "serve", image=myelin.Image.from_source("serve"), predictor="Digits")

# What is deployed, as one version after the other.
model = myelin.ModelGraph(
    axon, "model",
    models=[myelin.Model.from_training("digits", trainer=train, server=serve)],
    rollout=myelin.Rollout.generations(newest=80, previous=20),
    capture=myelin.DataCapture.all(retention=Duration.days(30)),
)

# When it runs: once at first, a deployment after each training that is good enough, a retraining after each decay.
myelin.Sensor(axon, "start", steps=[prepare, train])
myelin.Sensor(
    axon, "trained",
    triggers=[train.succeeded()],
    conditions=[train.metric("test_accuracy").above(0.95), myelin.Condition.better_than_live(model, "test_accuracy")],
    steps=[model.deploy()],
)
myelin.AlertRetrainSensor(
    axon, "decayed",
    model=model,
    alert=model.accuracy(window=Duration.minutes(3), minimum_samples=150).below(0.9),
    sustained=Duration.seconds(15),
    steps=[prepare, train],
)

app.synth()
