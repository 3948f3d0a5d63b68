"""One metric to a Prometheus Pushgateway, in the text exposition format.

@see https://github.com/prometheus/pushgateway#api
"""

from __future__ import annotations

import base64
import logging
import os
import re
import urllib.parse
from typing import Mapping, Optional

from myelin.errors import MyelinError, required
from myelin.network import NETWORK_ERRORS, post

TIMEOUT_SECONDS = 2.0
NAME = re.compile(r"[A-Za-z_][-A-Za-z0-9_:]*")

_log = logging.getLogger(__name__)


def stored_name(metric: str, axon: str) -> str:
    """Name under which Prometheus holds a metric of an axon: `<metric>_<axon>`, every `-` turned into `__`."""
    return f"{metric}_{axon}".replace("-", "__")


def check_name(metric: object) -> str:
    """Returns the metric's name when Prometheus can hold it; raises `MyelinError` otherwise.

    Checked even without a Pushgateway, so that a name which works on a laptop works in the cluster.
    """
    if not isinstance(metric, str) or len(metric) > 128 or not NAME.fullmatch(metric):
        raise MyelinError(
            f"'metric name' ({metric!r}) must be at most 128 letters, digits, '_', '-' or ':' and begin with a letter or '_', "
            "rename it, for example validation_accuracy"
        )
    return metric


def push(metric: str, value: float, kind: str, job: Optional[str], grouping: Mapping[str, str]) -> bool:
    """Pushes one sample when PUSHGATEWAY_URL is set; says whether the gateway took it.

    `kind` is "gauge" or "counter"; without a `job` it is TASK_ID. Other metrics of the same group stay.
    Never raises: a training run must not fail because monitoring is away. The reason is logged.
    """
    address = os.environ.get("PUSHGATEWAY_URL")
    if not address:
        return False
    url = address
    try:
        name = stored_name(metric, required("AXON_NAME", "it completes the name of a pushed metric"))
        group = job or required("TASK_ID", "it is the job of a pushed metric, or pass job_name")
        url = _base(address) + "/metrics" + _segment("job", group, last=False) + _grouping(grouping)
        body = f"# TYPE {name} {kind}\n{name} {value!r}\n".encode("utf-8")
        # POST replaces only metrics of the same name; PUT would drop the group's others.
        post(url, body, "text/plain; version=0.0.4", TIMEOUT_SECONDS)
        return True
    except (*NETWORK_ERRORS, ValueError, MyelinError) as error:
        _log.warning("metric not pushed: metric=%s url=%s reason=%s", metric, url, error)
        return False


def _base(address: str) -> str:
    """PUSHGATEWAY_URL with scheme and port; PUSHGATEWAY_PORT counts when the URL has none."""
    url = urllib.parse.urlsplit(address if "://" in address else f"http://{address}")
    port = os.environ.get("PUSHGATEWAY_PORT")
    host = url.netloc if url.port or not port else f"{url.netloc}:{port}"
    return urllib.parse.urlunsplit((url.scheme, host, url.path.rstrip("/"), "", ""))


def _grouping(grouping: Mapping[str, str]) -> str:
    labels = [(label, str(value)) for label, value in grouping.items()]
    return "".join(_segment(label, value, last=index == len(labels) - 1) for index, (label, value) in enumerate(labels))


def _segment(label: str, value: str, last: bool) -> str:
    # The gateway collapses an empty path segment except at the very end, and cannot unescape a slash.
    if "/" in value or (value == "" and not last):
        encoded = base64.urlsafe_b64encode(value.encode("utf-8")).decode("ascii") or "="
        return f"/{label}@base64/{encoded}"
    return f"/{label}/{urllib.parse.quote(value, safe='')}"
