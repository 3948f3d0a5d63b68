"""Draws readings, adds what the deployed model met, and writes the parts to DATA_PATH and the clients' streams to DATA_PATH/traffic."""

import hashlib
import json
import os
import random
from pathlib import Path

import myelin
from myelin import admin, feedback

SIZES = {"train": 200, "validation": 100, "test": 100, "steady": 20, "drift": 120, "final": 40}
LIMIT = 50


def drawn(seed):
    """Rows of reading and gauge with their labels, of gauge 0."""
    chance = random.Random(seed)
    values = {name: [chance.uniform(0, 100) for _ in range(size)] for name, size in SIZES.items()}
    return {name: ([[value, 0] for value in part], [int(value > LIMIT) for value in part]) for name, part in values.items()}


def replaced(part):
    """The same through gauge 1, which shows half: what it shows is never above the limit."""
    rows, labels = part
    return [[value / 2, 1] for value, _ in rows], labels


def main():
    target = Path(admin.data_path())
    (target / "traffic").mkdir(parents=True, exist_ok=True)
    parts = drawn(int(os.environ.get("SEED", "1")))
    for name, part in {
        "steady": parts["steady"], "drift": replaced(parts["drift"]), "final": replaced(parts["final"]), "final-original": parts["final"],
    }.items():
        pairs = [{"request": {"data": {"ndarray": [row]}}, "truth": {"data": {"ndarray": [[label]]}}} for row, label in zip(*part)]
        (target / "traffic" / f"{name}.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))

    counts = {}
    rows, labels = feedback.load_xy()
    # Every fourth is kept for the test set, every other fourth for the validation set.
    for index, (row, label) in enumerate(zip(rows, labels)):
        name = ("test", "validation", "train", "train")[index % 4]
        parts[name][0].append(row)
        parts[name][1].append(label)
        counts[name] = counts.get(name, 0) + 1
    for name in ("train", "validation", "test"):
        (target / f"{name}.json").write_text(json.dumps(parts[name]))
    myelin.data_hash(hashlib.sha256(json.dumps(sorted(zip(*parts["train"]))).encode()).hexdigest())
    print("from feedback:", json.dumps(counts, sort_keys=True))


main()
