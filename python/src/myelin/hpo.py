"""Hyperparameters of this trial, from HPO_PARAMS."""

from __future__ import annotations

import json
import os
from typing import Any, Dict

from myelin.errors import MyelinError

# Names that belong to the trial rather than to the search space.
_TRIAL_KEYS = ("config-id", "config_id", "budget")


def get_hpo_config() -> Dict[str, Any]:
    """All of HPO_PARAMS; empty when the task is not being tuned.

    Raises `MyelinError` when it is not a JSON object.
    """
    return _object("HPO_PARAMS", os.environ.get("HPO_PARAMS") or "{}")


def get_hpo_params() -> Dict[str, Any]:
    """The sampled hyperparameters alone; empty when the task is not being tuned.

    Early controllers nest them as JSON text under `hpo-conf`; both forms are read.
    """
    config = get_hpo_config()
    if "hpo-conf" in config:
        nested = config["hpo-conf"]
        return nested if isinstance(nested, dict) else _object("HPO_PARAMS.hpo-conf", nested)
    return {key: value for key, value in config.items() if key not in _TRIAL_KEYS}


def _object(place: str, text: Any) -> Dict[str, Any]:
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        value = None
    if not isinstance(value, dict):
        raise MyelinError(f"'{place}' ({text!r}) must be a JSON object, for example {{\"learning-rate\": 0.01}}")
    return value
