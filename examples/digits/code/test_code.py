"""The example's code, with what its images give it: prepare, train with two budgets, predict, learn from feedback."""

import contextlib
import importlib
import io
import json
import os
import runpy
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import joblib
import numpy as np

CODE = Path(__file__).resolve().parent
sys.path.insert(0, str(CODE.parents[2] / "python" / "src"))

TRIAL = ["--config_id=0_0_1", "--learning-rate=0.003", "--hidden-units=64", "--activation=relu", "--alpha=0.0001"]


class Task:
    """A run of a task in a folder of its own, with the variables that the axon gives it."""

    def __init__(self, folder, **environment):
        self.folder = Path(folder)
        self.data, self.model = self.folder / "data", self.folder / "model"
        self.environment = {
            "DATA_PATH": str(self.data),
            "MODEL_PATH": str(self.model),
            "MYELIN_METRICS_PATH": str(self.folder / "metrics.json"),
            "MYELIN_DATA_HASH_PATH": str(self.folder / "data-hash"),
            **environment,
        }

    def run(self, script, *arguments):
        """What the script prints. In this process: importing scikit-learn anew takes longer than most trainings."""
        printed = io.StringIO()
        with mock.patch.dict(os.environ, self.environment, clear=True), mock.patch.object(sys, "argv", [script, *arguments]):
            with contextlib.redirect_stdout(printed):
                runpy.run_path(str(CODE / script), run_name="__main__")
        return printed.getvalue()

    def stream(self, name):
        lines = (self.data / "traffic" / f"{name}.jsonl").read_text().splitlines()
        pairs = [json.loads(line) for line in lines]
        images, digits = ([pair[key]["data"]["ndarray"][0] for pair in pairs] for key in ("request", "truth"))
        return np.asarray(images), np.asarray(digits)[:, 0]

    def part(self, name):
        with np.load(self.data / f"{name}.npz") as part:
            return part["X"], part["y"]

    @property
    def data_hash(self):
        return (self.folder / "data-hash").read_text()

    @property
    def metrics(self):
        return json.loads((self.folder / "metrics.json").read_text())


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        root = tempfile.TemporaryDirectory()
        cls.addClassCleanup(root.cleanup)
        cls.root = Path(root.name)
        cls.prepared = cls.task("prepared")
        cls.prepared.run("prepare/prepare.py")

    @classmethod
    def task(cls, name, **environment):
        (cls.root / name).mkdir()
        return Task(cls.root / name, **environment)

    @classmethod
    def training(cls, name, data=None):
        return cls.task(name, DATA_PATH_prepare=str((data or cls.prepared).data))

    def train(self, task, *arguments):
        return json.loads(task.run("train/train.py", *arguments).splitlines()[-1])

    def load(self, task):
        """A model server's object, its class loaded as the server loads it."""
        with mock.patch.object(sys, "path", [str(CODE / "serve"), *sys.path]):
            module = importlib.import_module("Digits")
        with mock.patch.dict(os.environ, {"MODEL_PATH": str(task.model)}):
            return module.Digits()

    def capture(self, name, version, X, y, answers):
        folder = self.root / name
        folder.mkdir(exist_ok=True)
        with (folder / f"{version}.jsonl").open("w") as segment:
            for number, (row, digit, answer) in enumerate(zip(X, y, answers)):
                record = {
                    "id": f"{version}.{number}",
                    "version": version,
                    "at": "2026-01-01T00:00:00Z",
                    "request": {"data": {"ndarray": [row.tolist()]}},
                    "answer": {"data": {"ndarray": [[int(answer)]]}},
                    "truth": {"data": {"ndarray": [[int(digit)]]}},
                    "reward": float(answer == digit),
                }
                segment.write(json.dumps(record) + "\n")
            segment.write('{"id": "torn')
        return str(folder)


class Prepare(Case):
    def test_the_parts_are_disjoint_and_make_up_the_data_set(self):
        parts = {name: self.prepared.part(name) for name in ("train", "validation", "test")}
        parts.update({name: self.prepared.stream(name) for name in ("steady", "drift", "final")})
        sizes = {name: len(y) for name, (_, y) in parts.items()}
        self.assertEqual(sizes, {"train": 750, "validation": 200, "test": 250, "steady": 80, "drift": 270, "final": 247})
        # Seen without the edges that the drift fills with ink; the data set itself has no twins.
        images = np.concatenate([X for X, _ in parts.values()]).reshape(-1, 8, 8)[:, :, 1:7]
        self.assertGreater(len(np.unique(images.reshape(len(images), -1), axis=0)), 1790)

    def test_the_final_stream_is_the_same_as_both_scanners_saw_it(self):
        (worn, digits), (original, same) = self.prepared.stream("final"), self.prepared.stream("final-original")
        np.testing.assert_array_equal(digits, same)
        middle = np.s_[:, :, 1:7]
        np.testing.assert_array_equal(worn.reshape(-1, 8, 8)[middle], original.reshape(-1, 8, 8)[middle])
        self.assertTrue((worn.reshape(-1, 8, 8)[:, :, 0] == 16).all())

    def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_hash(self):
        again, other = self.task("again"), self.task("other", SEED="8")
        again.run("prepare/prepare.py")
        other.run("prepare/prepare.py")
        self.assertEqual((again.data / "train.npz").read_bytes(), (self.prepared.data / "train.npz").read_bytes())
        self.assertEqual(again.data_hash, self.prepared.data_hash)
        self.assertNotEqual(other.data_hash, self.prepared.data_hash)

    def test_an_empty_feedback_folder_changes_nothing(self):
        empty = self.root / "nothing-captured"
        empty.mkdir()
        task = self.task("no-feedback", FEEDBACK_PATH=str(empty))
        task.run("prepare/prepare.py")
        self.assertEqual(task.data_hash, self.prepared.data_hash)


class Train(Case):
    def test_a_promoted_trial_goes_on_from_its_checkpoint_to_the_very_same_network(self):
        promoted, scratch = self.training("promoted"), self.training("scratch")

        first = self.train(promoted, *TRIAL, "--budget=9")
        second = self.train(promoted, *TRIAL, "--budget=27")
        whole = self.train(scratch, *TRIAL, "--budget=27")

        self.assertEqual((first["epochs_resumed"], first["epochs_run"]), (0, 9))
        self.assertEqual((second["epochs_resumed"], second["epochs_run"], second["epochs"]), (9, 18, 27))
        self.assertEqual((whole["epochs_resumed"], whole["epochs_run"]), (0, 27))
        self.assertGreater(second["test_accuracy"], 0.9)
        weights = [joblib.load(task.model / "model.joblib")[-1].coefs_ for task in (promoted, scratch)]
        for resumed, straight in zip(*weights):
            np.testing.assert_allclose(resumed, straight, rtol=1e-6, atol=1e-9)

    def test_the_printed_result_is_the_published_one(self):
        task = self.training("published")
        result = self.train(task, *TRIAL, "--budget=1")
        self.assertEqual(result["config_id"], "0_0_1")
        self.assertEqual(task.metrics, {name: result[name] for name in ("validation_accuracy", "test_accuracy")})
        self.assertEqual(sorted(path.name for path in task.model.iterdir()), ["checkpoint.joblib", "model.joblib"])

    def test_a_retry_of_a_finished_trial_trains_nothing_and_reports_the_same(self):
        task = self.training("retry")
        first, second = (self.train(task, *TRIAL, "--budget=3") for _ in range(2))
        self.assertEqual(second["epochs_run"], 0)
        self.assertEqual(second["validation_accuracy"], first["validation_accuracy"])

    def test_a_fractional_budget_ends_within_an_epoch(self):
        result = self.train(self.training("fraction"), *TRIAL, "--budget=0.5")
        self.assertEqual(result["epochs"], 0.5)

    def test_a_checkpoint_of_another_configuration_is_not_taken_up(self):
        task = self.training("other-config")
        self.train(task, *TRIAL, "--budget=1")
        self.assertEqual(self.train(task, "--hidden-units=16", "--budget=2")["epochs_resumed"], 0)

    def test_a_smaller_budget_than_the_checkpoints_starts_anew(self):
        task = self.training("smaller")
        self.train(task, *TRIAL, "--budget=2")
        self.assertEqual(self.train(task, *TRIAL, "--budget=1")["epochs_run"], 1)

    def test_fails_if_prepare_handed_nothing_on(self):
        with self.assertRaisesRegex(SystemExit, "^DATA_PATH_prepare is not set: run this as a task of the axon"):
            self.task("alone").run("train/train.py")


class Loop(Case):
    def test_without_tuning_it_serves_decays_on_a_worn_scanner_and_recovers_by_its_feedback(self):
        # GIVEN a model that was trained with the defaults and passes the gate
        trained = self.training("first")
        result = self.train(trained)
        self.assertGreater(result["test_accuracy"], 0.95)
        first = self.load(trained)

        # WHEN the scanner wears out
        X, y = self.prepared.stream("drift")
        answers = first.predict(X, [])[:, 0]
        self.assertLess(np.mean(answers == y), 0.8)

        # THEN the captured feedback makes new data, of which parts are kept to tune and to judge by
        path = self.capture("captured", "aaaaaaaaaa", X, y, answers)
        prepared = self.task("prepared-again", FEEDBACK_PATH=path)
        prepared.run("prepare/prepare.py")
        self.assertNotEqual(prepared.data_hash, self.prepared.data_hash)
        added = [len(prepared.part(name)[1]) - len(self.prepared.part(name)[1]) for name in ("train", "validation", "test")]
        self.assertEqual(sum(added), 270)
        self.assertTrue(all(count > 0 for count in added), added)

        # AND the retrained model passes the gate and reads the worn scanner's later images
        retrained = self.training("second", prepared)
        retrained.environment["LIVE_MODEL_PATH"] = str(trained.model)
        result = self.train(retrained)
        self.assertGreater(result["test_accuracy"], 0.95)
        self.assertGreater(result["test_accuracy"], result["live_test_accuracy"])
        self.assertEqual(retrained.metrics["live_test_accuracy"], result["live_test_accuracy"])
        X, y = self.prepared.stream("final")
        before, after = (np.mean(model.predict(X, [])[:, 0] == y) for model in (first, self.load(retrained)))
        print(f"accuracy on the final stream: {before:.3f} before, {after:.3f} after; test accuracy {result['test_accuracy']:.3f}", file=sys.stderr)
        self.assertGreater(after, 0.9)
        self.assertLess(before, 0.8)

    def test_the_prediction_class_keeps_the_servers_contract(self):
        trained = self.training("served")
        self.train(trained, *TRIAL, "--budget=9")
        model = self.load(trained)
        X, y = self.prepared.part("test")
        answer = model.predict(X[:3].tolist(), ["pixel"] * 64)
        self.assertEqual(answer.shape, (3, len(model.class_names)))
        self.assertEqual(model.predict(X[0].tolist(), []).shape, (1, 1))
        self.assertEqual(model.tags(), {"network": "64-64-10", "activation": "relu"})
        self.assertIsNone(model.send_feedback(X[:1], [], 1.0, y[:1]))
        json.dumps({"data": {"ndarray": answer.tolist()}, "meta": {"tags": model.tags()}})


if __name__ == "__main__":
    unittest.main()
