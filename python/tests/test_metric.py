from __future__ import annotations

import json
import os
import warnings
from unittest import mock

from support import TaskCase

from myelin import MyelinError, metric, outputs


class PublishResult(TaskCase):
    def read(self):
        return json.loads(self.metrics_file.read_text())

    def test_a_result_is_written_under_its_own_name(self):
        metric.publish_result(0.97, "validation_accuracy")
        self.assertEqual(self.read(), {"validation_accuracy": 0.97})

    def test_a_second_result_keeps_the_first_and_the_newest_value_counts(self):
        metric.publish_result(0.5, "validation_accuracy")
        metric.publish_result(0.9, "test_accuracy")
        metric.publish_result(0.97, "validation_accuracy")
        self.assertEqual(self.read(), {"test_accuracy": 0.9, "validation_accuracy": 0.97})

    def test_swapped_arguments_are_put_right_with_a_warning_at_the_caller(self):
        with self.assertWarnsRegex(UserWarning, r"publish_result\(value, metric_name\).*swapped: took 'auc' as the name") as caught:
            metric.publish_result("auc", 0.8)
        self.assertEqual(self.read(), {"auc": 0.8})
        self.assertEqual(caught.filename, __file__)

    def test_arguments_in_order_give_no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            metric.publish_result(0.8, "auc")
            metric.MetricClient().post_update("loss", 0.8)
        self.assertEqual(self.read(), {"auc": 0.8, "loss": 0.8})

    def test_a_scalar_of_a_numeric_library_becomes_a_plain_number(self):
        class Scalar:
            def __float__(self):
                return 0.25

        metric.publish_result(Scalar(), "auc")
        self.assertEqual(self.read(), {"auc": 0.25})

    def test_fails_if_the_value_is_no_finite_number(self):
        for value in (float("nan"), float("inf"), None, [1, 2]):
            with self.subTest(value=value):
                with self.assertRaisesRegex(MyelinError, r"^'auc' \(.*\) must be a finite number, check the training for divergence"):
                    metric.publish_result(value, "auc")
        self.assertFalse(self.metrics_file.exists())

    def test_fails_if_prometheus_could_not_hold_the_name(self):
        for name in ("", "val accuracy", "5_auc", "-auc", "a.b", "é", "auc\n", "a" * 129, 7):
            with self.subTest(name=name):
                with self.assertRaisesRegex(MyelinError, r"^'metric name' \(.*\) must be at most 128 letters, digits"):
                    metric.publish_result(0.5, name)

    def test_fails_if_the_metrics_file_cannot_be_written_and_names_its_variable(self):
        blocker = self.folder / "file"
        blocker.write_text("")
        os.environ["MYELIN_METRICS_PATH"] = str(blocker / "metrics.json")
        with self.assertRaisesRegex(MyelinError, r"^'MYELIN_METRICS_PATH' \(.*metrics.json\) must name a file that can be written, .* set it to"):
            metric.publish_result(0.5, "auc")


class LossMetric(TaskCase):
    def test_it_is_the_name_that_the_task_is_tuned_by(self):
        os.environ["LOSS_METRIC"] = "validation_accuracy"
        self.assertEqual(metric.get_loss_metric(), "validation_accuracy")

    def test_fails_if_the_task_has_no_objective(self):
        with self.assertRaisesRegex(MyelinError, r"^'LOSS_METRIC' \(not set\) must be set, give the training task an objective"):
            metric.get_loss_metric()

    def test_fails_if_the_name_is_empty(self):
        os.environ["LOSS_METRIC"] = ""
        with self.assertRaisesRegex(MyelinError, r"^'LOSS_METRIC' \(empty\) must be set"):
            metric.get_loss_metric()


class Client(TaskCase):
    def setUp(self):
        super().setUp()
        self.client = metric.MetricClient()

    def read(self):
        return json.loads(self.metrics_file.read_text())

    def test_an_update_takes_the_name_first(self):
        self.client.post_update("loss", 0.3)
        self.assertEqual(self.read(), {"loss": 0.3})

    def test_an_update_with_swapped_arguments_is_put_right_with_a_warning(self):
        with self.assertWarnsRegex(UserWarning, r"post_update\(name, value\).*took 'loss' as the name and 0.3 as the value"):
            self.client.post_update(0.3, "loss")
        self.assertEqual(self.read(), {"loss": 0.3})

    def test_increments_add_up_over_processes_through_the_file(self):
        self.client.post_increment("errors")
        self.client.post_increment("errors", 2)
        metric.MetricClient().post_increment("errors")
        self.assertEqual(self.read(), {"errors": 4.0})

    def test_an_increment_with_swapped_arguments_is_put_right_with_a_warning(self):
        with self.assertWarnsRegex(UserWarning, r"post_increment\(name, amount\)"):
            self.client.post_increment(3, "errors")
        self.assertEqual(self.read(), {"errors": 3.0})

    def test_fails_if_a_counter_would_go_down(self):
        with self.assertRaisesRegex(MyelinError, r"^'errors' \(-1\) must not be incremented by a negative number"):
            self.client.post_increment("errors", -1)


class ModelServer(TaskCase):
    """A process that was given no metrics file and cannot make one."""

    def setUp(self):
        super().setUp()
        del os.environ["MYELIN_METRICS_PATH"]
        blocker = self.folder / "file"
        blocker.write_text("")
        for patch in (
            mock.patch.object(outputs, "METRICS_DEFAULT", str(blocker / "metrics.json")),
            mock.patch.object(outputs, "_remembered", {}),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def test_its_metrics_are_pushed_and_its_counts_remembered_after_one_warning(self):
        gateway = self.server()
        os.environ.update({"PUSHGATEWAY_URL": gateway.url, "AXON_NAME": "digits", "TASK_ID": "serve"})
        client = metric.MetricClient()
        with self.assertLogs("myelin.outputs", "WARNING") as logs:
            client.post_increment("asked")
            client.post_increment("asked")
            client.post_update("load", 0.5)
        self.assertEqual(len(logs.output), 1)
        self.assertEqual([body.split("\n")[1] for *_, body in gateway.requests], ["asked_digits 1.0", "asked_digits 2.0", "load_digits 0.5"])

    def test_fails_if_a_result_would_be_lost(self):
        with self.assertRaisesRegex(MyelinError, r"^'MYELIN_METRICS_PATH' \(not set\) must name a file that can be written"):
            metric.publish_result(0.9, "auc")


class EarlyTrialResult(TaskCase):
    CALL = ("0_0_1", {"learning-rate": 0.1}, 9.0, 0.04, {"epochs": 9})

    def post(self, *arguments):
        metric.MetricClient().post_result(*(arguments or self.CALL))

    def test_the_controller_gets_the_early_form(self):
        server = self.server()
        os.environ["TRAIN_CONTROLLER_URL"] = server.url
        self.post()
        method, path, content_type, body = server.requests[0]
        self.assertEqual((method, path, content_type), ("POST", "/submit_result", "application/json"))
        self.assertEqual(
            json.loads(body),
            {
                "result": {"result": {"loss": 0.04, "info": {"epochs": 9}}, "exception": None},
                "budget": 9.0,
                "config_id": [0, 0, 1],
                "config": {"learning-rate": 0.1},
            },
        )

    def test_a_list_is_as_good_a_config_id(self):
        server = self.server()
        os.environ["TRAIN_CONTROLLER_URL"] = server.url
        self.post([2, 1, 7], *self.CALL[1:])
        self.assertEqual(json.loads(server.requests[0][3])["config_id"], [2, 1, 7])

    def test_a_passing_outage_is_retried(self):
        server = self.server(503, 200)
        os.environ["TRAIN_CONTROLLER_URL"] = server.url
        self.post()
        self.assertEqual(len(server.requests), 2)

    def test_fails_at_once_if_the_controller_refuses(self):
        server = self.server(400)
        os.environ["TRAIN_CONTROLLER_URL"] = server.url
        with self.assertRaisesRegex(MyelinError, r"^'TRAIN_CONTROLLER_URL' \(.*/submit_result\) did not take the trial's result .*400"):
            self.post()
        self.assertEqual(len(server.requests), 1)

    def test_fails_if_there_is_no_controller(self):
        with self.assertRaisesRegex(MyelinError, r"^'TRAIN_CONTROLLER_URL' \(not set\) must be set, or call publish_result"):
            self.post()

    def test_fails_if_the_config_id_is_not_three_numbers(self):
        os.environ["TRAIN_CONTROLLER_URL"] = "http://127.0.0.1:9"
        for config_id in ("0_1", "a_b_c", [1, 2], [None, 1, 2]):
            with self.subTest(config_id=config_id):
                with self.assertRaisesRegex(MyelinError, r"^'config_id' \(.*\) must be three numbers such as 0_0_1"):
                    self.post(config_id, *self.CALL[1:])
