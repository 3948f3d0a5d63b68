"""Metrics of a task: the tuner maximises or minimises them, the gate compares them.

Each goes to the metrics file (MYELIN_METRICS_PATH) under the name given here, and to the
Pushgateway, when PUSHGATEWAY_URL is set, as `<metric>_<axon>`.
"""

from __future__ import annotations

import json
import math
import time
import urllib.error
import warnings
from typing import Any, Mapping, Optional, Sequence, Tuple, Union

from myelin.errors import MyelinError, required
from myelin.network import NETWORK_ERRORS, post
from myelin.outputs import update_metric
from myelin.pushgateway import check_name, push

_NO_POD = {"pod": ""}


def publish_result(value: float, metric_name: str) -> None:
    """Publishes a result of the task: the VALUE comes first.

    Published again, the newest value counts. Raises `MyelinError` for a value that is not a finite number
    (a diverged training must fail, not win) and when the metrics file cannot be written.
    """
    if _swapped(number=metric_name, text=value):
        value, metric_name = _warn_swapped("publish_result(value, metric_name)", metric_name, value)
    _set(metric_name, value, None, _NO_POD, optional=False)


def get_loss_metric() -> str:
    """Name of the metric that the task is tuned by (LOSS_METRIC)."""
    return required("LOSS_METRIC", "give the training task an objective ('lossMetric' in YAML)")


class MetricClient:
    """Publishes metrics by name: here the NAME comes first.

    Serves model servers too, which have no metrics file: there the Pushgateway alone is told.
    """

    def post_update(
        self,
        name: str,
        value: float,
        job_name: Optional[str] = None,
        grouping_key: Optional[Mapping[str, str]] = None,
    ) -> None:
        """Sets a gauge.

        `job_name` is TASK_ID unless given; `grouping_key` is `{"pod": ""}` unless given.
        """
        if _swapped(number=name, text=value):
            value, name = _warn_swapped("post_update(name, value)", name, value)
        _set(name, value, job_name, _NO_POD if grouping_key is None else grouping_key, optional=True)

    def post_increment(
        self,
        name: str,
        amount: float = 1,
        job_name: Optional[str] = None,
        grouping_key: Optional[Mapping[str, str]] = None,
    ) -> None:
        """Adds to a counter; the count so far is what the metrics file holds.

        Pods that share a `grouping_key` overwrite each other's count in the Pushgateway: pass one that tells them apart.
        """
        if _swapped(number=name, text=amount):
            amount, name = _warn_swapped("post_increment(name, amount)", name, amount)
        metric, step = check_name(name), _finite(name, amount)
        if step < 0:
            raise MyelinError(f"'{metric}' ({amount!r}) must not be incremented by a negative number, use post_update for a gauge")
        total = update_metric(metric, lambda before: (before or 0.0) + step, optional=True)
        push(metric, total, "counter", job_name, _NO_POD if grouping_key is None else grouping_key)

    def post_result(
        self,
        config_id: Union[str, Sequence[int]],
        config: Mapping[str, Any],
        budget: float,
        loss: float,
        info_map: Mapping[str, Any],
    ) -> None:
        """Reports a trial to the controller at TRAIN_CONTROLLER_URL: the early form, kept for code that uses it.

        `config_id` is "0_0_1" as in the trial's arguments, or its three numbers; a smaller `loss` is better.
        Raises `MyelinError` when the controller has not taken the result after three attempts.
        """
        url = required("TRAIN_CONTROLLER_URL", "or call publish_result, which needs no controller") + "/submit_result"
        result = {
            "result": {"result": {"loss": _finite("loss", loss), "info": dict(info_map)}, "exception": None},
            "budget": budget,
            "config_id": _numbers(config_id),
            "config": dict(config),
        }
        _submit(url, json.dumps(result, allow_nan=False).encode("utf-8"))


def _set(name: Any, value: Any, job: Optional[str], grouping: Mapping[str, str], optional: bool) -> None:
    metric, number = check_name(name), _finite(name, value)
    update_metric(metric, lambda _: number, optional)
    push(metric, number, "gauge", job, grouping)


def _submit(url: str, body: bytes, attempts: int = 3, pause_seconds: float = 0.5) -> None:
    for attempt in range(attempts):
        try:
            return post(url, body, "application/json", timeout_seconds=10)
        except NETWORK_ERRORS as error:
            refused = isinstance(error, urllib.error.HTTPError) and error.code < 500
            if refused or attempt == attempts - 1:
                raise MyelinError(
                    f"'TRAIN_CONTROLLER_URL' ({url}) did not take the trial's result ({error}), "
                    "check that the controller runs and is reachable from this pod"
                ) from error
            time.sleep(pause_seconds * 2**attempt)


def _numbers(config_id: Union[str, Sequence[int]]) -> Sequence[int]:
    parts = config_id.split("_") if isinstance(config_id, str) else list(config_id)
    try:
        numbers = [int(part) for part in parts]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != 3:
        raise MyelinError(f"'config_id' ({config_id!r}) must be three numbers such as 0_0_1, pass the trial's --config_id unchanged")
    return numbers


def _finite(name: Any, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise MyelinError(f"'{name}' ({value!r}) must be a finite number, check the training for divergence or an empty data set")
    return number


def _swapped(number: Any, text: Any) -> bool:
    # `__float__` also covers NumPy scalars and one-element tensors; strings have none.
    return hasattr(number, "__float__") and isinstance(text, str)


def _warn_swapped(signature: str, number: Any, text: str) -> Tuple[Any, str]:
    warnings.warn(f"{signature} was called with its arguments swapped: took {text!r} as the name and {number!r} as the value", stacklevel=3)
    return number, text
