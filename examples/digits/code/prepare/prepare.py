"""Splits scikit-learn's digits, adds what the deployed model met, and writes the parts to DATA_PATH.

    train, validation, test   to fit, to tune and to judge a model: files NAME.npz with X (64 pixels, 0 to 16) and y (the digit)
    steady, drift, final      requests that nobody has trained on: files traffic/NAME.jsonl, for whoever plays the clients

The scanner gets worse between `steady` and `drift`. `final` comes after both; `final-original` is the same as the good scanner saw it.
"""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import myelin
from myelin import admin, feedback

SIZES = {"train": 750, "validation": 200, "test": 250, "steady": 80, "drift": 270, "final": 247}

FITTED = ("train", "validation", "test")

# Of five pieces of feedback one goes to the test set and one to the validation set, so that both stay like the traffic.
SHARES = ("test", "validation", "train", "train", "train")


def split(seed):
    """The parts of the original data: disjoint, and always the same for a seed."""
    digits = load_digits()
    order = np.random.default_rng(seed).permutation(len(digits.target))
    ends = np.cumsum(list(SIZES.values()))
    return {name: (digits.data[rows], digits.target[rows]) for name, rows in zip(SIZES, np.split(order, ends))}


def worn_scanner(images):
    """The drift: both edges of every image read as full ink."""
    images = images.reshape(-1, 8, 8).copy()
    images[:, :, [0, 7]] = 16
    return images.reshape(-1, 64)


def share_of(item):
    # By id, so that what a model was judged on once is never trained on later.
    return SHARES[int(hashlib.sha256(item.id.encode()).hexdigest(), 16) % len(SHARES)]


def with_feedback(part, captured):
    """The part with the captured images, and how many these are."""
    X, y = feedback.xy(captured)
    if not X:
        return part, 0
    return (np.concatenate([part[0], np.asarray(X, dtype=float)]), np.concatenate([part[1], np.asarray(y, dtype=int)])), len(X)


def content_hash(X, y):
    """The same for the same images and labels, in whatever order they come."""
    rows = sorted(np.column_stack([X, y]).astype("<f4").tolist())
    return hashlib.sha256(np.asarray(rows, dtype="<f4").tobytes()).hexdigest()


def write_requests(path, X, y):
    """A line for each request: what a client sends, and what turns out to be true."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lines:
        for row, digit in zip(X.tolist(), y.tolist()):
            lines.write(json.dumps({"request": {"data": {"ndarray": [row]}}, "truth": {"data": {"ndarray": [[digit]]}}}) + "\n")


def main():
    target = Path(admin.data_path())
    target.mkdir(parents=True, exist_ok=True)

    parts = split(seed=int(os.environ.get("SEED", "4")))
    streams = {
        "steady": parts["steady"],
        "drift": (worn_scanner(parts["drift"][0]), parts["drift"][1]),
        "final": (worn_scanner(parts["final"][0]), parts["final"][1]),
        "final-original": parts["final"],
    }

    captured = feedback.load()
    added = {}
    for name in FITTED:
        parts[name], added[name] = with_feedback(parts[name], [item for item in captured if share_of(item) == name])
        X, y = parts[name]
        np.savez(target / f"{name}.npz", X=X, y=y)
    for name, (X, y) in streams.items():
        write_requests(target / "traffic" / f"{name}.jsonl", X, y)
    myelin.data_hash(content_hash(*parts["train"]))
    sizes = ", ".join(f"{len(parts[name][1])} {name}" for name in FITTED)
    print(f"digits: {sizes}; from feedback: " + ", ".join(f"{count} {name}" for name, count in added.items()))


if __name__ == "__main__":
    main()
