from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path
from types import SimpleNamespace

from support import SOURCES

from myelin_worker import message
from myelin_worker.errors import BadRequest, NotLoaded, WorkerError, WrongAnswer
from myelin_worker.frames import Connection
from myelin_worker.predictor import Predictor

WORKER = SOURCES / "myelin_worker"


def plain(value):
    return value.tolist() if hasattr(value, "tolist") else value


def predictor(predict, **members):
    return Predictor(SimpleNamespace(predict=predict, **members), "Model")


def reply(instance, asked):
    return json.loads(instance.predict(1, asked))


def rows(value, **data):
    return {"data": {**data, "ndarray": value}}


class Messages(unittest.TestCase):
    def test_every_form_is_read(self):
        cases = [
            (rows([[1, 2]], names=["a", "b"]), [[1, 2]], ["a", "b"], "ndarray"),
            ({"data": {"tensor": {"shape": [2, 2], "values": [1, 2, 3, 4]}}}, [[1, 2], [3, 4]], [], "tensor"),
            ({"data": {"tensor": {"shape": [2, 1, 2], "values": [1, 2, 3, 4]}}}, [[[1, 2]], [[3, 4]]], [], "tensor"),
            ({"data": {"tensor": {"values": [1, 2]}}}, [1, 2], [], "tensor"),
            ({"jsonData": {"a": None}}, {"a": None}, [], "jsonData"),
            ({"strData": ""}, "", [], "strData"),
            ({"binData": "AQI="}, b"\x01\x02", [], "binData"),
        ]
        for asked, value, names, form in cases:
            with self.subTest(form=form):
                payload = message.payload(asked)
                self.assertEqual((plain(payload.value), payload.names, payload.form), (value, names, form))

    def test_rows_of_different_lengths_stay_lists(self):
        self.assertEqual(message.payload(rows([[1], [1, 2]])).value, [[1], [1, 2]])

    def test_fails_if_a_message_carries_nothing_that_a_class_can_take(self):
        cases = [
            ([], r"^'message' \(list \[\]\) must be an object"),
            ({}, r"^'message' must have 'data.ndarray'"),
            (rows(5), r"^'data.ndarray' \(int 5\) must be a list"),
            ({"data": {"tensor": {}}}, r"^'data.tensor' \(dict {}\) must have a list of 'values'"),
            ({"data": {"tensor": {"shape": [-1], "values": [1]}}}, r"^'data.tensor.shape' .* must be a list of lengths"),
            ({"data": {"tensor": {"shape": [3], "values": [1]}}}, r"^'data.tensor.shape' \(\[3\]\) must fit the 1 values"),
            ({"binData": 5}, r"^'binData' \(int 5\) must be base64"),
        ]
        for asked, text in cases:
            with self.subTest(asked=asked), self.assertRaisesRegex(BadRequest, text):
                message.payload(asked)


class Answers(unittest.TestCase):
    def answered(self, result, asked=None, **members):
        return reply(predictor(lambda X, names: result, **members), asked or rows([[1]]))["answer"]

    def test_an_array_is_answered_in_the_form_that_was_asked(self):
        tensor = {"data": {"tensor": {"shape": [1, 1], "values": [1]}}}
        for result in ([[1, 2], [3, 4]], ((1, 2), (3, 4))):
            self.assertEqual(self.answered(result), {"data": {"ndarray": [[1, 2], [3, 4]]}})
            self.assertEqual(self.answered(result, tensor), {"data": {"tensor": {"shape": [2, 2], "values": [1, 2, 3, 4]}}})
            self.assertEqual(self.answered(result, {"jsonData": 1}), {"jsonData": [[1, 2], [3, 4]]})
        self.assertEqual(self.answered([[[1], [2]]], tensor)["data"]["tensor"]["shape"], [1, 2, 1])
        self.assertEqual(self.answered([], tensor), {"data": {"tensor": {"shape": [0], "values": []}}})
        self.assertEqual(self.answered(7), {"data": {"ndarray": [7]}})

    def test_other_results_have_their_own_form(self):
        self.assertEqual(self.answered("x"), {"strData": "x"})
        self.assertEqual(self.answered({"a": [1]}), {"jsonData": {"a": [1]}})
        self.assertEqual(self.answered(b"\x01\x02"), {"binData": "AQI="})

    def test_class_names_may_be_a_list_or_a_method(self):
        for names in (["a", "b"], ("a", "b"), lambda: ["a", "b"]):
            self.assertEqual(self.answered([[1, 2]], class_names=names), {"data": {"names": ["a", "b"], "ndarray": [[1, 2]]}})

    def test_values_of_array_libraries_become_plain_wherever_they_are(self):
        scalar = SimpleNamespace(tolist=lambda: 5)
        frame = SimpleNamespace(to_numpy=lambda: SimpleNamespace(tolist=lambda: [[6]]))
        self.assertEqual(self.answered([[scalar, 1]]), {"data": {"ndarray": [[5, 1]]}})
        self.assertEqual(self.answered({"a": scalar, "b": (1, {2})}), {"jsonData": {"a": 5, "b": [1, [2]]}})
        self.assertEqual(self.answered(frame), {"data": {"ndarray": [[6]]}})

    def test_tags_and_metrics_go_with_the_answer(self):
        members = {"tags": lambda: {"a": 1}, "metrics": lambda: [{"key": "k", "type": "TIMER", "value": 2.5}]}
        got = reply(predictor(lambda X, names: [1], **members), rows([1]))
        self.assertEqual((got["tags"], got["metrics"]), ({"a": 1}, [{"key": "k", "type": "TIMER", "value": 2.5}]))
        self.assertEqual(reply(predictor(lambda X: [1], tags=lambda: None), rows([1]))["tags"], {})

    def test_fails_if_no_reply_can_hold_the_answer(self):
        async def later():
            return [1]

        circle = []
        circle.append(circle)
        tensor = {"data": {"tensor": {"shape": [1], "values": [1]}}}
        cases = [
            (None, None, r"^'Model.predict' \(None\) must return an array, .* add a return statement"),
            (object(), None, r"^'Model.predict' \(object <object object at .*\) must return an array"),
            (later(), None, r"^'Model.predict' \(a coroutine\) must return its result, make it a plain method"),
            ([[float("nan")]], None, r"^'Model.predict' \(NaN or infinity\) must return finite numbers"),
            ({"p": float("inf")}, None, r"^'Model.predict' \(NaN or infinity\)"),
            ([object()], None, r"^'Model.predict' \(object is no JSON value\)"),
            ({(1, 2): 3}, None, r"^'Model.predict' \(keys must be"),
            (circle, None, r"^'Model.predict' \(a value that holds itself\)"),
            ([[1], [1, 2]], tensor, r"^'Model.predict' \(rows of different lengths\)"),
            ([["a"]], tensor, r"^'Model.predict' \(values that are no numbers\)"),
        ]
        for result, asked, text in cases:
            with self.subTest(text), self.assertRaisesRegex(WrongAnswer, text):
                self.answered(result, asked)

    def test_fails_if_tags_metrics_or_class_names_have_another_form(self):
        metric = {"key": "k", "type": "GAUGE", "value": 1}
        cases = [
            ({"tags": lambda: [1]}, r"^'Model.tags' \(list \[1\]\) must return a dictionary"),
            ({"tags": lambda: {"a": float("nan")}}, r"^'Model.tags' \(NaN or infinity\)"),
            ({"metrics": lambda: metric}, r"^'Model.metrics' \(dict .*must return a list"),
            ({"metrics": lambda: [{**metric, "type": "RATE"}]}, r"^'Model.metrics' .* must return metrics of the form"),
            ({"metrics": lambda: [{**metric, "value": "1"}]}, r"^'Model.metrics' "),
            ({"metrics": lambda: [{**metric, "value": True}]}, r"^'Model.metrics' "),
            ({"metrics": lambda: [7]}, r"^'Model.metrics' \(int 7\)"),
            ({"class_names": "digit"}, r"^'Model.class_names' \(str 'digit'\) must return a list"),
        ]
        for members, text in cases:
            with self.subTest(text), self.assertRaisesRegex(WrongAnswer, text):
                self.answered([1], **members)


@unittest.skipUnless(message.numpy, "images without numpy serve lists")
class Arrays(unittest.TestCase):
    def test_rows_come_as_an_array_and_results_of_numpy_are_plain_in_the_reply(self):
        np = message.numpy
        got = []

        def predict(X, names):
            got.append(X)
            return X.astype(np.float32) * 2

        metric = {"key": "k", "type": "GAUGE", "value": np.float32(0.5)}
        model = predictor(predict, class_names=np.array(["a", "b"]), tags=lambda: {"n": np.int64(3)}, metrics=lambda: [metric])
        answered = reply(model, rows([[1, 2]]))
        self.assertEqual((type(got[0]), got[0].shape), (np.ndarray, (1, 2)))
        self.assertEqual(answered["answer"], {"data": {"names": ["a", "b"], "ndarray": [[2.0, 4.0]]}})
        self.assertEqual((answered["tags"], answered["metrics"][0]["value"]), ({"n": 3}, 0.5))
        tensor = reply(model, {"data": {"tensor": {"shape": [1, 2], "values": [1, 2]}}})["answer"]["data"]["tensor"]
        self.assertEqual(tensor, {"shape": [1, 2], "values": [2.0, 4.0]})

    def test_scalars_and_texts_of_numpy_are_answers(self):
        np = message.numpy
        self.assertEqual(reply(predictor(lambda X: np.int64(4)), rows([1]))["answer"], {"data": {"ndarray": [4]}})
        self.assertEqual(reply(predictor(lambda X: np.array(["cat"])), rows([1]))["answer"], {"data": {"ndarray": ["cat"]}})

    def test_fails_if_an_array_holds_nan(self):
        np = message.numpy
        with self.assertRaisesRegex(WrongAnswer, "NaN or infinity"):
            predictor(lambda X: np.array([np.nan])).predict(1, rows([1]))


class Signatures(unittest.TestCase):
    def test_predict_is_called_as_it_is_written(self):
        asked = {**rows([[1]], names=["n"]), "meta": {"m": 1}}
        full = [["n"], {"m": 1}]
        cases = [
            (lambda X: {"got": []}, []),
            (lambda X, names: {"got": [names]}, full[:1]),
            (lambda X, names, meta: {"got": [names, meta]}, full),
            (lambda X, names, other: {"got": [names, other]}, full),
            (lambda X, names, meta=None: {"got": [names, meta]}, full),
            (lambda X, names, *, meta: {"got": [names, meta]}, full),
            (lambda X, names=None, threshold=0.5: {"got": [names, threshold]}, [["n"], 0.5]),
            (lambda *arguments: {"got": list(arguments[1:])}, full[:1]),
            (lambda X, names, **more: {"got": [names, more]}, [["n"], {}]),
        ]
        for number, (predict, got) in enumerate(cases):
            with self.subTest(number):
                self.assertEqual(reply(predictor(predict), asked)["answer"], {"jsonData": {"got": got}})

    def test_feedback_comes_in_the_order_of_the_contract(self):
        got = []

        def send_feedback(features, names, reward, truth):
            got.extend([plain(features), names, reward, plain(truth)])

        learner = predictor(lambda X: [1], send_feedback=send_feedback)
        self.assertTrue(learner.learns)
        told = learner.feedback(4, {"request": rows([[1]], names=["a"]), "reward": 0.5, "truth": rows([[2]])})
        self.assertEqual(json.loads(told), {"id": 4, "answer": None})
        self.assertEqual(got, [[[1]], ["a"], 0.5, [[2]]])

    def test_a_bare_truth_comes_as_it_is_and_routing_is_given_where_it_is_wanted(self):
        got = []
        routed = predictor(lambda X: [1], send_feedback=lambda f, n, r, truth, routing: got.extend([truth, routing]))
        routed.feedback(1, {"request": rows([[1]]), "truth": 7})
        self.assertEqual(got, [7, None])

    def test_the_raw_form_of_feedback_is_preferred(self):
        got = []
        predictor(lambda X: [1], send_feedback=got.clear, send_feedback_rest=got.append).feedback(1, {"request": rows([[1]]), "truth": 7})
        self.assertEqual(got, [{"request": rows([[1]]), "truth": 7}])

    def test_a_class_without_feedback_wants_none(self):
        self.assertFalse(predictor(lambda X: [1]).learns)

    def test_fails_if_there_is_no_predict(self):
        with self.assertRaisesRegex(NotLoaded, r"^'Model' \(no method predict\) must have one"):
            Predictor(object(), "Model")

    def test_errors_say_whose_mistake_they_are(self):
        self.assertEqual((BadRequest.code, WrongAnswer.code, WorkerError.code), ("request", "answer", "raised"))


class Process(unittest.TestCase):
    """The worker as its container runs it, with a front of the test's own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "run" / "worker.sock"
        self.path.parent.mkdir()

    def listen(self):
        front = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(front.close)
        front.settimeout(20)
        front.bind(str(self.path))
        front.listen()
        return front

    def worker(self, code, name="Model", **env):
        (self.folder / "Model.py").write_text(textwrap.dedent(code))
        clean = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "PYTHONDONTWRITEBYTECODE")}
        process = subprocess.Popen(
            [sys.executable, str(WORKER)],
            cwd=self.folder,
            env={**clean, "MYELIN_SOCKET": str(self.path), "MODEL_NAME": name, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        process.kill()
        process.wait()
        process.stdout.close()

    def accept(self, front):
        connected, _ = front.accept()
        connected.settimeout(20)
        self.addCleanup(connected.close)
        return Connection(connected)

    def opened(self, front):
        """A session's connection, its hello and what followed."""
        connection = self.accept(front)
        return connection, connection.read()["hello"], connection.read()

    def ask(self, connection, text, frame_id=1):
        connection.write({"id": frame_id, "call": "predict", "message": {"strData": text}})
        return connection.read()

    def test_it_waits_for_the_front_answers_and_leaves_when_the_connection_closes_and_no_front_is_left(self):
        process = self.worker("class Model:\n    def predict(self, X): return X + '!'")
        time.sleep(0.2)
        front = self.listen()
        connection, hello, ready = self.opened(front)
        self.assertEqual((hello["protocol"], ready), (1, {"ready": {"class": "Model", "learns": False}}))
        self.assertEqual(self.ask(connection, "é", 5), {"id": 5, "answer": {"strData": "é!"}, "tags": {}, "metrics": []})
        front.close()
        connection.socket.close()
        self.assertEqual(process.wait(20), 0)

    def test_it_ignores_sigterm_until_the_connection_closes(self):
        process = self.worker("class Model:\n    def predict(self, X): return X")
        front = self.listen()
        connection, hello, _ = self.opened(front)
        for pid in (process.pid, hello["pid"]):
            os.kill(pid, signal.SIGTERM)
        self.assertEqual(self.ask(connection, "still here")["answer"], {"strData": "still here"})
        connection.socket.close()
        # The front is there, but nothing is started any more.
        self.assertEqual(process.wait(20), 0)

    def test_what_the_class_prints_and_raises_goes_to_the_log(self):
        process = self.worker("class Model:\n    def predict(self, X):\n        print('printed')\n        raise ValueError(X)")
        connection, _, _ = self.opened(self.listen())
        error = self.ask(connection, "secret\nof two lines")["error"]
        self.assertEqual(error, {"code": "raised", "place": "Model.predict", "problem": "raised ValueError: secret of two lines"})
        process.kill()
        log = process.communicate()[0]
        self.assertIn("printed\n", log)
        self.assertIn("raise ValueError(X)", log)

    def test_a_session_that_dies_is_replaced_and_a_request_that_nobody_read_is_given_back(self):
        self.worker("import os\nclass Model:\n    def predict(self, X): os._exit(3)")
        front = self.listen()
        connection, hello, _ = self.opened(front)
        os.kill(hello["pid"], signal.SIGSTOP)
        connection.write({"id": 1, "call": "predict", "message": {"strData": ""}})
        os.kill(hello["pid"], signal.SIGKILL)
        self.assertEqual(connection.read(), {"unread": True})
        connection, _, ready = self.opened(front)
        self.assertIn("ready", ready)
        self.assertIsNone(self.ask(connection, "x"))

    def test_a_child_of_the_users_code_does_not_keep_the_connection_of_a_dead_session(self):
        code = """
            import os, time
            class Model:
                def predict(self, X):
                    if os.fork() == 0:
                        time.sleep(5)
                        os._exit(0)
                    os._exit(3)
        """
        self.worker(code)
        connection, _, _ = self.opened(self.listen())
        begin = time.monotonic()
        self.assertIsNone(self.ask(connection, "x"))
        self.assertLess(time.monotonic() - begin, 4)

    def test_a_class_of_a_package_is_found_and_its_second_step_of_loading_is_made(self):
        (self.folder / "deep").mkdir()
        code = "class Net:\n    def load(self): self.word = 'loaded'\n    def predict(self, X): return self.word"
        (self.folder / "deep" / "net.py").write_text(code)
        self.worker("", name="Model", MYELIN_PREDICTOR="deep.net.Net")
        connection, _, ready = self.opened(self.listen())
        self.assertEqual(ready["ready"]["class"], "Net")
        self.assertEqual(self.ask(connection, "")["answer"], {"strData": "loaded"})

    def test_fails_if_the_class_does_not_load_and_says_why_to_front_and_log(self):
        cases = [
            ("class Other: pass", {}, r"^'MODEL_NAME' \(Model\) must name a class of .*Model.py, write Model.Other$"),
            ("", {"MYELIN_PREDICTOR": "Digit"}, r"^'MYELIN_PREDICTOR' \(Digit\) must name a class and its file, there is no .*/Digit.py, correct"),
            ("", {"MODEL_NAME": ""}, r"^'MYELIN_PREDICTOR' \(not set\) must name the prediction class"),
            ("class Model: pass", {}, r"^'Model' \(no method predict\) must have one"),
            ("class Model: pass", {"API_TYPE": "GRPC"}, r"^'API_TYPE' \(GRPC\) must be REST"),
            ("import nothing_of_that_name", {}, r"^ModuleNotFoundError: No module named 'nothing_of_that_name'$"),
            ("raise SystemExit('no licence')", {}, r"^SystemExit: no licence$"),
            ("class Model:\n    def __init__(self): self.x", {}, r"^AttributeError: 'Model' object has no attribute 'x'"),
        ]
        front = self.listen()
        for code, env, text in cases:
            with self.subTest(text):
                process = self.worker(code, **env)
                _, _, failed = self.opened(front)
                self.assertRegex(failed["failed"]["error"], text)
                self.assertEqual(process.wait(20), 1)
                self.assertRegex(process.communicate()[0], "predictor does not load: " + text[1:].rstrip("$"))

    def test_fails_if_the_number_of_workers_is_none(self):
        process = self.worker("", NUM_WORKERS="two")
        self.assertEqual(process.wait(20), 1)
        self.assertIn("'NUM_WORKERS' (two) must be a number from 1 to 64", process.communicate()[0])

    def test_the_timeout_of_the_image_is_told_to_the_front(self):
        self.worker("class Model:\n    def predict(self, X): return X", TIMEOUT="2.5")
        _, hello, _ = self.opened(self.listen())
        self.assertEqual(hello["timeoutSeconds"], 2.5)

    def test_a_session_ends_with_its_supervisor(self):
        process = self.worker("class Model:\n    def predict(self, X): return X")
        connection, _, _ = self.opened(self.listen())
        process.kill()
        self.assertIsNone(connection.read())


if __name__ == "__main__":
    unittest.main()
