"""Trains a small neural network on the prepared digits, for a budget of epochs.

A promoted trial is started again with the same configuration and a larger budget: it goes on from the
checkpoint in MODEL_PATH. Each epoch shuffles by its own number, so that going on gives the very
network that one long training gives.
"""

import argparse
import json
import math
import os
import sys
from pathlib import Path

import joblib
import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from myelin import admin
from myelin.metric import publish_result

SEED = 7
BATCH = 32
DIGITS = np.arange(10)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config_id", default="0_0_0", help="the trial's id")
    parser.add_argument("--learning-rate", type=float, default=0.003)
    parser.add_argument("--hidden-units", type=int, default=128)
    parser.add_argument("--activation", choices=["relu", "tanh", "logistic"], default="relu")
    parser.add_argument("--alpha", type=float, default=0.0001, help="weight decay")
    parser.add_argument("--budget", type=float, default=27, help="epochs in all, those of the checkpoint included; a fraction ends within an epoch")
    return parser.parse_args()


def load(folder, name):
    with np.load(Path(folder) / f"{name}.npz") as part:
        return part["X"], part["y"]


def save(value, path):
    """Writes whole or not at all: a killed trial leaves the checkpoint before."""
    temporary = path.with_name(path.name + ".tmp")
    joblib.dump(value, temporary)
    os.replace(temporary, path)


class Training:
    """A network and how many batches it has seen."""

    def __init__(self, options, checkpoint):
        self.checkpoint = checkpoint
        self.config = {
            "learning_rate_init": options.learning_rate,
            "hidden_layer_sizes": (options.hidden_units,),
            "activation": options.activation,
            "alpha": options.alpha,
        }
        self.network = MLPClassifier(random_state=SEED, **self.config)
        self.batches = 0

    def resume(self, budget_batches):
        """Takes up the checkpoint, unless it is of another configuration or already past the budget."""
        if not self.checkpoint.exists():
            return
        state = joblib.load(self.checkpoint)
        if state["config"] == self.config and state["batches"] <= budget_batches:
            self.network, self.batches = state["network"], state["batches"]

    def run(self, X, y, budget_batches, batches_per_epoch):
        while self.batches < budget_batches:
            epoch, batch = divmod(self.batches, batches_per_epoch)
            order = np.random.default_rng([SEED, epoch]).permutation(len(y))
            rows = order[batch * BATCH:(batch + 1) * BATCH]
            self.network.partial_fit(X[rows], y[rows], classes=DIGITS)
            self.batches += 1
            if self.batches % batches_per_epoch == 0 or self.batches == budget_batches:
                save({"config": self.config, "network": self.network, "batches": self.batches}, self.checkpoint)


def main():
    options = arguments()
    prepared = admin.task(task_name="prepare")
    if prepared is None or prepared.data_path is None:
        sys.exit("DATA_PATH_prepare is not set: run this as a task of the axon, or set it to the folder that prepare.py wrote")
    target = Path(admin.model_path())
    target.mkdir(parents=True, exist_ok=True)

    X, y = load(prepared.data_path, "train")
    scaler = MinMaxScaler().fit([[0] * 64, [16] * 64])
    batches_per_epoch = math.ceil(len(y) / BATCH)
    budget_batches = max(1, round(options.budget * batches_per_epoch))

    training = Training(options, target / "checkpoint.joblib")
    training.resume(budget_batches)
    resumed_at = training.batches
    training.run(scaler.transform(X), y, budget_batches, batches_per_epoch)

    model = make_pipeline(scaler, training.network)
    save(model, target / "model.joblib")

    # The tuner looks at the first only, so the second stays an honest measure for the gate.
    scores = {f"{name}_accuracy": float(model.score(*load(prepared.data_path, name))) for name in ("validation", "test")}
    live = admin.live_model_path()
    if live:
        # The one to beat, on the same images: its own test set knew nothing of what it met since.
        scores["live_test_accuracy"] = float(joblib.load(Path(live) / "model.joblib").score(*load(prepared.data_path, "test")))
    for name, score in scores.items():
        publish_result(score, name)
    epochs = {
        "epochs": round(training.batches / batches_per_epoch, 3),
        "epochs_resumed": round(resumed_at / batches_per_epoch, 3),
        "epochs_run": round((training.batches - resumed_at) / batches_per_epoch, 3),
    }
    print(json.dumps({"config_id": options.config_id, "budget": options.budget, **epochs, **scores}))


if __name__ == "__main__":
    main()
