from __future__ import annotations

import json
import os
import socket
import threading
import time
from unittest import mock

from support import CONTRACT, TaskCase

from myelin import metric, pushgateway


class Push(TaskCase):
    def setUp(self):
        super().setUp()
        os.environ["AXON_NAME"] = "churn-risk"
        os.environ["TASK_ID"] = "fit-forest"

    def written(self):
        return json.loads(self.metrics_file.read_text())

    def test_a_result_is_pushed_under_its_stored_name_to_the_group_of_the_task(self):
        gateway = self.server()
        os.environ["PUSHGATEWAY_URL"] = gateway.url
        metric.publish_result(0.8125, "churn_auc")
        self.assertEqual(
            gateway.requests,
            [
                (
                    "POST",
                    "/metrics/job/fit-forest/pod/",
                    "text/plain; version=0.0.4",
                    "# TYPE churn_auc_churn__risk gauge\nchurn_auc_churn__risk 0.8125\n",
                )
            ],
        )

    def test_stored_names_are_those_of_the_contract(self):
        cases = json.loads((CONTRACT / "metrics.json").read_text(encoding="utf-8"))["storedName"]["examples"]
        for case in cases:
            self.assertEqual(pushgateway.stored_name(case["metric"], case["axon"]), case["stored"])
        self.assertTrue(cases)

    def test_a_metrics_name_has_the_form_of_the_contract(self):
        schema = json.loads((CONTRACT / "common.schema.json").read_text(encoding="utf-8"))["$defs"]["MetricName"]
        self.assertEqual((f"^{pushgateway.NAME.pattern}$", 128), (schema["pattern"], schema["maxLength"]))

    def test_an_increment_pushes_the_count_so_far_as_a_counter(self):
        gateway = self.server()
        os.environ["PUSHGATEWAY_URL"] = gateway.url
        client = metric.MetricClient()
        client.post_increment("errors")
        client.post_increment("errors", 2)
        self.assertEqual(gateway.requests[1][3], "# TYPE errors_churn__risk counter\nerrors_churn__risk 3.0\n")

    def test_job_and_grouping_are_the_callers_when_given(self):
        gateway = self.server()
        os.environ["PUSHGATEWAY_URL"] = gateway.url
        metric.MetricClient().post_update("auc", 1, job_name="a b", grouping_key={"pod": "", "zone": "eu/1", "node": "n 1"})
        self.assertEqual(gateway.requests[0][1], "/metrics/job/a%20b/pod@base64/=/zone@base64/ZXUvMQ==/node/n%201")

    def test_the_port_may_come_from_its_own_variable(self):
        gateway = self.server()
        os.environ["PUSHGATEWAY_PORT"] = str(gateway.port)
        for address in ("127.0.0.1", "http://127.0.0.1/", gateway.url):
            with self.subTest(address=address):
                os.environ["PUSHGATEWAY_URL"] = address
                metric.publish_result(1, "auc")
                self.assertEqual(gateway.requests.pop()[1], "/metrics/job/fit-forest/pod/")

    def test_a_proxy_of_the_environment_is_not_used(self):
        gateway = self.server()
        os.environ.update({"PUSHGATEWAY_URL": gateway.url, "http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"})
        metric.publish_result(1, "auc")
        self.assertEqual(len(gateway.requests), 1)

    def test_without_a_gateway_nothing_but_the_file_is_written(self):
        with mock.patch.object(pushgateway, "post") as post:
            metric.publish_result(0.5, "auc")
        post.assert_not_called()
        self.assertEqual(self.written(), {"auc": 0.5})

    def assert_logged_but_written(self, reason):
        with self.assertLogs("myelin.pushgateway", "WARNING") as logs:
            metric.publish_result(0.5, "auc")
        self.assertRegex(logs.output[0], reason)
        self.assertEqual(self.written(), {"auc": 0.5})

    def test_a_gateway_that_is_away_is_logged_and_not_raised(self):
        gateway = self.server()
        gateway.close()
        os.environ["PUSHGATEWAY_URL"] = gateway.url
        self.assert_logged_but_written(r"metric not pushed: metric=auc url=http://127.0.0.1:\d+/metrics/job/fit-forest/pod/ reason=")

    def test_a_refusal_is_logged_and_not_raised(self):
        os.environ["PUSHGATEWAY_URL"] = self.server(400).url
        self.assert_logged_but_written("reason=HTTP Error 400")

    def test_a_gateway_that_does_not_answer_is_given_up_after_the_timeout(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        os.environ["PUSHGATEWAY_URL"] = "http://127.0.0.1:%d" % silent.getsockname()[1]
        begin = time.monotonic()
        with mock.patch.object(pushgateway, "TIMEOUT_SECONDS", 0.1):
            self.assert_logged_but_written("timed out")
        self.assertLess(time.monotonic() - begin, 5)

    def test_a_server_that_does_not_speak_http_is_logged_and_not_raised(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"220 mail ready\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 5)
        os.environ["PUSHGATEWAY_URL"] = "http://127.0.0.1:%d" % server.getsockname()[1]
        self.assert_logged_but_written("220 mail ready")

    def test_a_missing_axon_name_is_logged_by_name(self):
        os.environ["PUSHGATEWAY_URL"] = "http://127.0.0.1:9"
        del os.environ["AXON_NAME"]
        self.assert_logged_but_written(r"reason='AXON_NAME' \(not set\) must be set, it completes the name")

    def test_a_missing_task_id_is_logged_by_name(self):
        os.environ["PUSHGATEWAY_URL"] = "http://127.0.0.1:9"
        del os.environ["TASK_ID"]
        self.assert_logged_but_written(r"reason='TASK_ID' \(not set\) must be set, .* or pass job_name")

    def test_an_address_that_is_none_is_logged_and_not_raised(self):
        for address in ("http://host:port", "http://", "ftp//x y", "file:///etc"):
            with self.subTest(address=address):
                os.environ["PUSHGATEWAY_URL"] = address
                self.assert_logged_but_written("metric not pushed")
