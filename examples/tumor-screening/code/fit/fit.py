"""Fits a forest whose trees are the budget: a promoted trial keeps its trees and grows more."""

import argparse
import os
from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss

from myelin import admin
from myelin.metric import publish_result


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config_id", default="0_0_0")
    parser.add_argument("--max_features", type=float, default=0.3)
    parser.add_argument("--min_samples_leaf", type=int, default=1)
    parser.add_argument("--criterion", choices=["gini", "entropy"], default="gini")
    parser.add_argument("--budget", type=float, default=90, help="trees in all, those of the checkpoint included")
    return parser.parse_args()


def load(folder, name):
    with np.load(Path(folder) / f"{name}.npz") as part:
        return part["X"], part["y"]


def forest_at(path, config):
    if path.exists():
        forest = joblib.load(path)
        if {key: forest.get_params()[key] for key in config} == config:
            return forest
    return RandomForestClassifier(n_estimators=0, warm_start=True, random_state=3, **config)


def save(forest, path):
    temporary = path.with_name(path.name + ".tmp")
    joblib.dump(forest, temporary)
    os.replace(temporary, path)


def main():
    options = arguments()
    records = admin.task(task_name="SplitRecords").data_path
    target = Path(admin.model_path())
    target.mkdir(parents=True, exist_ok=True)

    config = {"max_features": options.max_features, "min_samples_leaf": options.min_samples_leaf, "criterion": options.criterion}
    forest = forest_at(target / "forest.joblib", config)
    resumed = len(getattr(forest, "estimators_", []))
    trees = max(1, round(options.budget))
    if resumed < trees:
        forest.set_params(n_estimators=trees)
        forest.fit(*load(records, "train"))
        save(forest, target / "forest.joblib")

    X, y = load(records, "validation")
    publish_result(float(log_loss(y, forest.predict_proba(X), labels=[0, 1])), "validation_log_loss")
    test = load(records, "test")
    publish_result(float(forest.score(*test)), "test_accuracy")
    live = admin.live_model_path()
    if live:
        publish_result(float(joblib.load(Path(live) / "forest.joblib").score(*test)), "live_test_accuracy")
    print(f"{options.config_id}: {trees} trees, {resumed} of them from before")


if __name__ == "__main__":
    main()
