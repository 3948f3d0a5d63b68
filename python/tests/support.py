"""What the tests share: the package's path, a clean environment, an HTTP server that records."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

PYTHON = Path(__file__).resolve().parents[1]
SOURCES = PYTHON / "src"
CONTRACT = PYTHON.parent / "contract"
sys.path.insert(0, str(SOURCES))

PREFIXES = ("MYELIN_", "PUSHGATEWAY_", "DATA_PATH", "MODEL_PATH", "HPO_", "TRAIN_CONTROLLER_", "FEEDBACK_")
NAMES = ("TASK_ID", "AXON_NAME", "LOSS_METRIC")


class TaskCase(unittest.TestCase):
    """A task of an axon: an own folder, its output variables set, none of the caller's."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.metrics_file = self.folder / "out" / "metrics.json"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(PREFIXES) and key not in NAMES}
        environment = mock.patch.dict(os.environ, kept, clear=True)
        environment.start()
        self.addCleanup(environment.stop)
        os.environ["MYELIN_METRICS_PATH"] = str(self.metrics_file)
        os.environ["MYELIN_DATA_HASH_PATH"] = str(self.folder / "out" / "data-hash")
        logging.getLogger("myelin").addHandler(logging.NullHandler())

    def server(self, *statuses: int) -> "RecordingServer":
        """A server that answers with `statuses` in turn, the last one from then on."""
        server = RecordingServer(statuses or (200,))
        self.addCleanup(server.close)
        return server


class RecordingServer:
    """A real HTTP server on loopback; `requests` holds (method, path, content type, body)."""

    def __init__(self, statuses) -> None:
        self.requests = []
        answers = list(statuses)
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
                requests.append((self.command, self.path, self.headers["Content-Type"], body))
                self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PUT = do_POST

            def log_message(self, *_args) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening: from then on a connection is refused."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
