"""The files a task leaves for the loop: its metrics and the hash of its data.

Readers (Argo, the tuner, the gate) may look at any moment, so a file appears whole
or not at all.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import threading
from pathlib import Path
from typing import Callable, Dict, Iterator, Optional

from myelin.errors import MyelinError

try:
    import fcntl
except ImportError:  # not POSIX: writers in several processes are not kept apart there
    fcntl = None  # type: ignore[assignment]

METRICS_VARIABLE = "MYELIN_METRICS_PATH"
METRICS_DEFAULT = "/myelin/out/metrics.json"
DATA_HASH_VARIABLE = "MYELIN_DATA_HASH_PATH"
DATA_HASH_DEFAULT = "/myelin/out/data-hash"

_log = logging.getLogger(__name__)
_threads = threading.Lock()
_remembered: Dict[str, float] = {}


def data_hash(digest: str) -> None:
    """Records the hash of the data that this run prepared.

    `digest` is hexadecimal, 8 to 128 digits, compared as written, and depends on nothing but the
    content of the data: a retrain on a hash that was trained on already is refused.
    Written to the file that MYELIN_DATA_HASH_PATH names.

    Raises `MyelinError` when `digest` has another form or the file cannot be written.
    """
    if not isinstance(digest, str) or not re.fullmatch(r"[0-9A-Fa-f]{8,128}", digest):
        raise MyelinError(
            f"'digest' ({digest!r}) must be 8 to 128 hexadecimal digits, "
            "pass for example hashlib.sha256(content).hexdigest()"
        )
    path = Path(os.environ.get(DATA_HASH_VARIABLE) or DATA_HASH_DEFAULT)
    with _explained(DATA_HASH_VARIABLE, path):
        _replace(path, digest)


def update_metric(name: str, change: Callable[[Optional[float]], float], optional: bool = False) -> float:
    """Sets one metric of the metrics file to `change(value so far)`, keeps the others, returns the new value.

    Writers in several threads and processes take turns. With `optional`, a process that was given no metrics
    file (a model server) and cannot write the default one remembers the value itself, after one warning.
    """
    path = Path(os.environ.get(METRICS_VARIABLE) or METRICS_DEFAULT)
    try:
        with _explained(METRICS_VARIABLE, path), _exclusive(path):
            metrics = _read(path)
            metrics[name] = change(metrics.get(name))
            _replace(path, json.dumps(metrics, sort_keys=True, allow_nan=False) + "\n")
            return metrics[name]
    except MyelinError as error:
        if not optional or os.environ.get(METRICS_VARIABLE):
            raise
        if not _remembered:
            _log.warning("metrics are not written to a file: reason=%s", error)
        with _threads:
            _remembered[name] = change(_remembered.get(name))
            return _remembered[name]


def _read(path: Path) -> Dict[str, float]:
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(metrics, dict):
            return metrics
        problem = "not an object"
    except FileNotFoundError:
        return {}
    except ValueError as error:
        problem = str(error)
    # We only ever write whole files, so another program wrote this one. Hours of training
    # must not be lost for it, and a metric that is gone counts as a condition not met.
    _log.warning("metrics file replaced, it was not ours: path=%s problem=%s", path, problem)
    return {}


def _replace(path: Path, content: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    try:
        # Not tempfile: its mode 0600 would hide the file from the container that collects it.
        with open(temporary, "w", encoding="utf-8") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with _threads:
        if fcntl is None:
            yield
            return
        with open(path.with_name(f".{path.name}.lock"), "a", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


@contextlib.contextmanager
def _explained(variable: str, path: Path) -> Iterator[None]:
    """Makes the folder; turns a failure to write into the variable to set."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        got = "not set" if not os.environ.get(variable) else str(path)
        raise MyelinError(
            f"'{variable}' ({got}) must name a file that can be written, {path} cannot be "
            f"({error.strerror or error}): set it to a file in a writable folder"
        ) from error
