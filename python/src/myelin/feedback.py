"""What the deployed model met: captured requests, its answers, and the truth that came later.

The serving pods append JSON Lines segments (`*.jsonl`) below FEEDBACK_PATH. A truth arrives after
its request, perhaps twice and perhaps in another segment: lines with one id are one piece of feedback.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from myelin.errors import MyelinError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Feedback:
    """One prediction and what became of it; a field that is not known (yet) is None.

    `id` is the prediction id, `version` the model's version, `at` the time as written;
    `request`, `answer` and `truth` are messages such as `{"data": {"ndarray": [[0, 1]]}}`.
    """

    id: str
    version: Optional[str] = None
    at: Any = None
    request: Any = None
    answer: Any = None
    truth: Any = None
    reward: Optional[float] = None


def records(path: Optional[str] = None) -> Iterator[Feedback]:
    """Every captured line as it was written, segment after segment in the order of their paths.

    `path` is FEEDBACK_PATH unless given. Nothing when it is not set or holds no segment: before the first
    deployment that is the normal case. A last line without its newline is still being written
    (or its writer was killed) and is left out when it does not parse.

    Raises `MyelinError`, naming file and line, for any other line that is not a record.
    """
    folder = path or os.environ.get("FEEDBACK_PATH")
    if not folder:
        return
    for segment in sorted(Path(folder).rglob("*.jsonl")):
        with segment.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                record = _record(line, segment, number)
                if record is not None:
                    yield record


def load(path: Optional[str] = None) -> List[Feedback]:
    """The captured feedback, one per id and sorted by id, so that the same feedback gives the same list.

    Of several lines with one id, the last that has a field gives its value.
    """
    merged: Dict[str, Dict[str, Any]] = {}
    for record in records(path):
        known = {name: value for name, value in vars(record).items() if value is not None}
        merged.setdefault(record.id, {}).update(known)
    return [Feedback(**merged[key]) for key in sorted(merged)]


def xy(feedback: Iterable[Feedback]) -> Tuple[List[Any], List[Any]]:
    """Rows and their true labels, ready for training: `X[i]` belongs to `y[i]`.

    A request of several rows gives several. Feedback without request or truth is left out, as is (with
    a logged warning) one whose truth does not fit its request: a client's mistake must not stop a retrain.
    """
    rows: List[Any] = []
    labels: List[Any] = []
    for item in feedback:
        if item.request is None or item.truth is None:
            continue
        inputs = _rows(item.request)
        truths = _labels(item.truth, len(inputs))
        if not inputs or len(inputs) != len(truths):
            _log.warning("feedback left out, truth does not fit request: id=%s rows=%d truths=%d", item.id, len(inputs), len(truths))
            continue
        rows.extend(inputs)
        labels.extend(truths)
    return rows, labels


def load_xy(path: Optional[str] = None) -> Tuple[List[Any], List[Any]]:
    """`xy` of all captured feedback: `X, y = feedback.load_xy()`."""
    return xy(load(path))


_FIELDS = tuple(field.name for field in fields(Feedback))


def _record(line: bytes, segment: Path, number: int) -> Optional[Feedback]:
    if not line.strip():
        return None
    try:
        value = json.loads(line.decode("utf-8"))
        problem = "" if isinstance(value, dict) and isinstance(value.get("id"), str) else "it is no object with an 'id'"
    except ValueError as error:
        value, problem = {}, str(error)
    if not problem:
        return Feedback(**{name: value.get(name) for name in _FIELDS})
    if not line.endswith(b"\n"):
        _log.info("torn last line left out: segment=%s line=%d", segment, number)
        return None
    raise MyelinError(f"'{segment}:{number}' ({problem}) must be a feedback record, repair or remove the line")


def _array(message: Any) -> Any:
    data = message.get("data", message) if isinstance(message, dict) else message
    if not isinstance(data, dict):
        return data
    tensor = data.get("tensor")
    if isinstance(tensor, dict):
        return _shaped(tensor.get("shape") or [], tensor.get("values") or [])
    return data.get("ndarray")


def _shaped(shape: List[int], values: List[Any]) -> Any:
    if len(shape) < 2:
        return values
    size = len(values) // shape[0] if shape[0] else 0
    return [_shaped(shape[1:], values[index * size:(index + 1) * size]) for index in range(shape[0])]


def _rows(message: Any) -> List[Any]:
    array = _array(message)
    if not isinstance(array, list) or not array:
        return []
    return array if isinstance(array[0], list) else [array]


def _labels(message: Any, rows: int) -> List[Any]:
    array = _array(message)
    if array is None:
        return []
    labels = array if isinstance(array, list) else [array]
    if rows == 1 and len(labels) > 1:
        labels = [labels]  # one row with several outputs
    return [label[0] if isinstance(label, list) and len(label) == 1 else label for label in labels]
