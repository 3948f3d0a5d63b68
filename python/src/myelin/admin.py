"""Where this task and the tasks it builds on keep their data and models."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Optional

from myelin.errors import required

_REQUIRED: Any = object()


@dataclass(frozen=True)
class Task:
    """Folders of another task of the axon; None for one that it does not hand on."""

    name: str
    data_path: Optional[str]
    model_path: Optional[str]


def task(task_name: str) -> Optional[Task]:
    """Another task of the axon, or None when it hands nothing to this one.

    Reads DATA_PATH_<TaskName> and MODEL_PATH_<TaskName>. A `-` in the name may be `_` in the
    variable, since shells cannot set the former.
    """
    data_path = _of_task("DATA_PATH", task_name)
    # A task's run has one folder for data and model; early axons set them apart.
    model = _of_task("MODEL_PATH", task_name) or data_path
    return None if data_path is None and model is None else Task(task_name, data_path, model)


def data_path(default_value: Any = _REQUIRED) -> Any:
    """Folder of this run's data (DATA_PATH), else `default_value`.

    Raises `MyelinError` when it is not set and no default is given.
    """
    return _own("DATA_PATH", default_value)


def model_path(default_value: Any = _REQUIRED) -> Any:
    """Folder of this run's model (MODEL_PATH), else `default_value`.

    Raises `MyelinError` when it is not set and no default is given.
    """
    return _own("MODEL_PATH", default_value)


def live_model_path() -> Optional[str]:
    """Folder of the model that is live now (LIVE_MODEL_PATH), or None when none is.

    Score it on the test set of the new model and publish that as `live_<metric>`: a condition that asks
    whether the new model is better compares the two.
    """
    return os.environ.get("LIVE_MODEL_PATH") or None


def _own(variable: str, default_value: Any) -> Any:
    if default_value is _REQUIRED:
        return required(variable, "run the code as a task of an axon, or set it to a folder")
    return os.environ.get(variable) or default_value


def _of_task(prefix: str, task_name: str) -> Optional[str]:
    exact = f"{prefix}_{task_name}"
    return os.environ.get(exact) or os.environ.get(exact.replace("-", "_")) or None
