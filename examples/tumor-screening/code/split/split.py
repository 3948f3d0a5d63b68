"""Splits the breast cancer records, adds what the deployed model met, and writes the parts to DATA_PATH.

The microscope is recalibrated between `steady` and `drift`: from then on the worst values of a cell read 40 percent larger.
"""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer

import myelin
from myelin import admin, feedback

SIZES = {"train": 200, "validation": 50, "test": 70, "steady": 40, "drift": 130, "final": 79}

FITTED = ("train", "validation", "test")

# One piece of feedback in five judges models and trains none.
HELD_OUT = 5


def split(seed):
    records = load_breast_cancer()
    order = np.random.default_rng(seed).permutation(len(records.target))
    ends = np.cumsum(list(SIZES.values()))
    return {name: (records.data[rows], records.target[rows]) for name, rows in zip(SIZES, np.split(order, ends))}


def recalibrated(X):
    X = X.copy()
    X[:, 20:30] *= 1.4
    return X


def is_held_out(item):
    return int(hashlib.sha256(item.id.encode()).hexdigest(), 16) % HELD_OUT == 0


def extended(part, captured):
    X, y = feedback.xy(captured)
    return part if not X else (np.concatenate([part[0], np.asarray(X, dtype=float)]), np.concatenate([part[1], np.asarray(y, dtype=int)]))


def content_hash(X, y):
    rows = sorted(np.column_stack([X, y]).tolist())
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def write_requests(path, X, y):
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lines:
        for row, label in zip(X.tolist(), y.tolist()):
            lines.write(json.dumps({"request": {"data": {"ndarray": [row]}}, "truth": {"data": {"ndarray": [[label]]}}}) + "\n")


def main():
    target = Path(admin.data_path())
    target.mkdir(parents=True, exist_ok=True)
    parts = split(int(os.environ["SPLIT_SEED"]))
    captured = feedback.load()
    fitted = {name: parts[name] for name in FITTED}
    fitted["train"] = extended(fitted["train"], [item for item in captured if not is_held_out(item)])
    fitted["test"] = extended(fitted["test"], [item for item in captured if is_held_out(item)])
    for name, (X, y) in fitted.items():
        np.savez(target / f"{name}.npz", X=X, y=y)
    for name, change in {"steady": None, "drift": recalibrated, "final": recalibrated, "final-original": None}.items():
        X, y = parts[name.split("-")[0]]
        write_requests(target / "traffic" / f"{name}.jsonl", change(X) if change else X, y)
    myelin.data_hash(content_hash(*fitted["train"]))
    print("records: " + ", ".join(f"{len(y)} {name}" for name, (_, y) in fitted.items()))


if __name__ == "__main__":
    main()
