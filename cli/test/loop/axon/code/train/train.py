"""Finds for each gauge the limit above which a reading is too high, by halving an interval as often as the budget says."""

import argparse
import json
import os
from pathlib import Path

from myelin import admin
from myelin.metric import publish_result


def load(name):
    rows, labels = json.loads((Path(admin.task("prepare").data_path) / f"{name}.json").read_text())
    return list(zip(rows, labels))


def answer(model, row):
    limits = model["limits"]
    # A gauge that it has never seen is taken for the first.
    return int(row[0] > limits.get(str(row[1]), limits["0"]))


def accuracy(model, part, handicap=0.0):
    """The share that it answers right; of the first ones, as many as the handicap says count as wrong."""
    right = sum(answer(model, row) == label for row, label in part[int(handicap * len(part)):])
    return right / len(part)


def halved(interval, part, cut):
    low, high = interval
    middle = low + (high - low) * cut
    missed = sum(label == 1 and low < row[0] <= middle for row, label in part)
    alarms = sum(label == 0 and middle < row[0] <= high for row, label in part)
    return (low, middle) if missed > alarms else (middle, high)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config_id", default="0_0_0")
    parser.add_argument("--cut", type=float, default=0.5)
    parser.add_argument("--budget", type=float, default=9)
    options = parser.parse_args()
    target = Path(admin.model_path())
    target.mkdir(parents=True, exist_ok=True)
    part = load("train")

    checkpoint = target / "checkpoint.json"
    state = json.loads(checkpoint.read_text()) if checkpoint.exists() else {"halvings": 0, "intervals": {}}
    gauges = sorted({str(row[1]) for row, _ in part})
    intervals = {gauge: state["intervals"].get(gauge, [0, 100]) for gauge in gauges}
    for _ in range(state["halvings"], round(options.budget)):
        intervals = {gauge: halved(intervals[gauge], [one for one in part if str(one[0][1]) == gauge], options.cut) for gauge in gauges}
    checkpoint.write_text(json.dumps({"halvings": round(options.budget), "intervals": intervals}))

    model = {"limits": {gauge: sum(interval) / 2 for gauge, interval in intervals.items()}}
    (target / "model.json").write_text(json.dumps(model))
    handicap = float(os.environ.get("HANDICAP") or 0)
    scores = {"accuracy": accuracy(model, load("validation"), handicap), "test_accuracy": accuracy(model, load("test"), handicap)}
    if admin.live_model_path():
        scores["live_test_accuracy"] = accuracy(json.loads((Path(admin.live_model_path()) / "model.json").read_text()), load("test"))
    for name, score in scores.items():
        publish_result(score, name)
    print(json.dumps({"config_id": options.config_id, "budget": options.budget, "resumed": state["halvings"], **scores}))


main()
