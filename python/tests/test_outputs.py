from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from unittest import mock

from support import SOURCES, TaskCase

from myelin import MyelinError, data_hash, metric, outputs

DIGEST = "0123456789abcdef" * 4


class DataHash(TaskCase):
    def test_the_digest_is_the_whole_file(self):
        data_hash(DIGEST)
        self.assertEqual((self.folder / "out" / "data-hash").read_text(), DIGEST)

    def test_its_case_stays(self):
        data_hash(DIGEST.upper())
        self.assertEqual((self.folder / "out" / "data-hash").read_text(), DIGEST.upper())

    def test_fails_if_it_is_no_hexadecimal(self):
        for digest in ("", "abc", DIGEST + "\n", "g" * 64, b"0" * 64, None):
            with self.subTest(digest=digest):
                with self.assertRaisesRegex(MyelinError, r"(?s)^'digest' \(.*\) must be 8 to 128 hexadecimal digits"):
                    data_hash(digest)

    def test_fails_if_the_default_place_cannot_be_written_and_names_the_variable_to_set(self):
        del os.environ["MYELIN_DATA_HASH_PATH"]
        blocker = self.folder / "file"
        blocker.write_text("")
        with mock.patch.object(outputs, "DATA_HASH_DEFAULT", str(blocker / "data-hash")):
            with self.assertRaisesRegex(MyelinError, r"^'MYELIN_DATA_HASH_PATH' \(not set\) must name a file that can be written"):
                data_hash(DIGEST)


class MetricsFile(TaskCase):
    def test_what_other_programs_put_there_is_kept(self):
        self.metrics_file.parent.mkdir()
        self.metrics_file.write_text('{"from_elsewhere": 1}')
        metric.publish_result(0.5, "auc")
        self.assertEqual(json.loads(self.metrics_file.read_text()), {"auc": 0.5, "from_elsewhere": 1})

    def test_a_torn_file_is_replaced_with_a_warning(self):
        self.metrics_file.parent.mkdir()
        for content in ('{"auc": 0.', "", "[1]", "\udcff"):
            with self.subTest(content=content):
                self.metrics_file.write_text(content, errors="surrogateescape")
                with self.assertLogs("myelin.outputs", "WARNING") as logs:
                    metric.publish_result(0.5, "auc")
                self.assertIn("metrics file replaced", logs.output[0])
                self.assertEqual(json.loads(self.metrics_file.read_text()), {"auc": 0.5})

    def test_a_failure_half_way_leaves_the_old_file_and_no_rubbish(self):
        metric.publish_result(0.5, "auc")
        with mock.patch.object(outputs.os, "replace", side_effect=OSError(28, "No space left on device")):
            with self.assertRaisesRegex(MyelinError, r"No space left on device"):
                metric.publish_result(0.9, "auc")
        self.assertEqual(json.loads(self.metrics_file.read_text()), {"auc": 0.5})
        self.assertEqual([path.name for path in self.metrics_file.parent.glob("*.tmp")], [])
        self.assertEqual([path.name for path in self.metrics_file.parent.glob(".*.tmp")], [])

    def test_the_container_that_collects_it_may_read_it(self):
        mask = os.umask(0o022)
        self.addCleanup(os.umask, mask)
        metric.publish_result(0.5, "auc")
        self.assertEqual(stat.S_IMODE(self.metrics_file.stat().st_mode), 0o644)

    def test_threads_lose_none_of_each_others_metrics(self):
        threads = [threading.Thread(target=metric.publish_result, args=(n, f"m{n}")) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(json.loads(self.metrics_file.read_text()), {f"m{n}": float(n) for n in range(16)})

    def test_processes_lose_none_of_each_others_increments(self):
        code = "from myelin.metric import MetricClient\nfor _ in range(25): MetricClient().post_increment('steps')"
        environment = dict(os.environ, PYTHONPATH=str(SOURCES))
        workers = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in range(3)]
        self.assertEqual([worker.wait(60) for worker in workers], [0, 0, 0])
        self.assertEqual(json.loads(self.metrics_file.read_text()), {"steps": 75.0})

    def test_the_places_are_those_of_the_contract_when_no_variable_is_set(self):
        self.assertEqual(Path(outputs.METRICS_DEFAULT), Path("/myelin/out/metrics.json"))
        self.assertEqual(Path(outputs.DATA_HASH_DEFAULT), Path("/myelin/out/data-hash"))
