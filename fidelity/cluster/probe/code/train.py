"""Fits a logistic curve to the prepared points, for a budget of epochs, and goes on from its checkpoint."""

import argparse
import json
import math
import os
import time
from pathlib import Path

from myelin import admin
from myelin.metric import publish_result

# Of an epoch: long enough to be killed in.
PACE = 0.5


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config_id", default="0_0_0")
    parser.add_argument("--learning-rate", type=float, default=0.5)
    parser.add_argument("--budget", type=float, default=1)
    return parser.parse_args()


def epoch(state, rows, rate):
    slope, offset = state["slope"], state["offset"]
    for x, y in rows:
        error = y - 1 / (1 + math.exp(-(slope * x + offset)))
        slope, offset = slope + rate * error * x, offset + rate * error
    return {"slope": slope, "offset": offset, "epochs": state["epochs"] + 1}


def accuracy(state, rows):
    return sum((state["slope"] * x + state["offset"] > 0) == bool(y) for x, y in rows) / len(rows)


def main():
    options = arguments()
    target = Path(admin.model_path())
    target.mkdir(parents=True, exist_ok=True)
    # A line for each start of this code: what the engines did, beside what the records say.
    with (target / "starts.txt").open("a") as starts:
        starts.write(f"{options.config_id} {options.budget:g}\n")
    rows = json.loads((Path(admin.task(task_name="prepare").data_path) / "rows.json").read_text())
    checkpoint = target / "model.json"
    state = json.loads(checkpoint.read_text()) if checkpoint.exists() else {"slope": 0.0, "offset": 0.0, "epochs": 0}
    while state["epochs"] < options.budget:
        state = epoch(state, rows[:150], options.learning_rate)
        temporary = checkpoint.with_name("model.json.tmp")
        temporary.write_text(json.dumps(state))
        os.replace(temporary, checkpoint)
        time.sleep(PACE)
    publish_result(accuracy(state, rows[150:225]), "validation_accuracy")
    publish_result(accuracy(state, rows[225:]), "test_accuracy")


if __name__ == "__main__":
    main()
