"""The example's code: split, fit with two budgets, screen, and fit again on what was met."""

import importlib
import json
import os
import runpy
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

CODE = Path(__file__).resolve().parent
sys.path.insert(0, str(CODE.parents[2] / "python" / "src"))

TRIAL = ["--config_id=0_0_1", "--max_features=0.3", "--min_samples_leaf=1", "--criterion=gini"]


def run(script, folder, *arguments, **environment):
    folder.mkdir(exist_ok=True)
    variables = {
        "DATA_PATH": str(folder), "MODEL_PATH": str(folder), "SPLIT_SEED": "1",
        "MYELIN_METRICS_PATH": str(folder / "metrics.json"), "MYELIN_DATA_HASH_PATH": str(folder / "data-hash"), **environment,
    }
    with mock.patch.dict(os.environ, variables, clear=True), mock.patch.object(sys, "argv", [script, *arguments]):
        runpy.run_path(str(CODE / script), run_name="__main__")
    metrics = folder / "metrics.json"
    return json.loads(metrics.read_text()) if metrics.exists() else {}


def stream(folder, name):
    pairs = [json.loads(line) for line in (folder / "traffic" / f"{name}.jsonl").read_text().splitlines()]
    return [np.asarray([pair[key]["data"]["ndarray"][0] for pair in pairs]) for key in ("request", "truth")]


class Loop(unittest.TestCase):
    def setUp(self):
        root = tempfile.TemporaryDirectory()
        self.addCleanup(root.cleanup)
        self.root = Path(root.name)

    def model(self, folder):
        with mock.patch.object(sys, "path", [str(CODE / "serve"), *sys.path]), mock.patch.dict(os.environ, {"MODEL_PATH": str(folder)}):
            return importlib.import_module("Screening").Screening()

    def accuracy(self, folder, name):
        X, y = stream(self.root / "records", name)
        return float(np.mean(self.model(folder).predict(X, []) == y))

    def test_a_promoted_trial_grows_its_forest_to_the_very_one_that_is_grown_at_once(self):
        records, promoted, whole = (self.root / name for name in ("records", "promoted", "whole"))
        run("split/split.py", records)
        run("fit/fit.py", promoted, *TRIAL, "--budget=10", DATA_PATH_SplitRecords=str(records))
        self.assertEqual(run("fit/fit.py", promoted, *TRIAL, "--budget=30", DATA_PATH_SplitRecords=str(records)),
                         run("fit/fit.py", whole, *TRIAL, "--budget=30", DATA_PATH_SplitRecords=str(records)))

    def test_it_screens_fails_on_a_recalibrated_microscope_and_recovers_by_its_feedback(self):
        records, again, first, second = (self.root / name for name in ("records", "again", "first", "second"))
        run("split/split.py", records)
        fitted = run("fit/fit.py", first, DATA_PATH_SplitRecords=str(records))
        self.assertGreater(fitted["test_accuracy"], 0.9)
        self.assertLess(self.accuracy(first, "drift"), 0.8)

        captured = self.root / "captured"
        captured.mkdir()
        X, y = stream(records, "drift")
        lines = [{"id": f"aaaaaaaaaa.{i}", "request": {"data": {"ndarray": [row]}}, "truth": {"data": {"ndarray": [label]}}}
                 for i, (row, label) in enumerate(zip(X.tolist(), y.tolist()))]
        (captured / "aaaaaaaaaa.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        run("split/split.py", again, FEEDBACK_PATH=str(captured))
        fitted = run("fit/fit.py", second, DATA_PATH_SplitRecords=str(again), LIVE_MODEL_PATH=str(first))
        self.assertGreater(fitted["test_accuracy"], fitted["live_test_accuracy"])
        self.assertGreater(self.accuracy(second, "final"), self.accuracy(first, "final"))
        self.assertGreater(self.accuracy(first, "final-original"), 0.9)


if __name__ == "__main__":
    unittest.main()
