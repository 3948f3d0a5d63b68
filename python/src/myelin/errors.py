"""The one exception type of the package, and the message of a missing variable."""

from __future__ import annotations

import os


class MyelinError(RuntimeError):
    """A mistake that the user can mend; the message says how.

    Messages read "'name' (what we got) the rule, the remedy".
    """


def required(variable: str, remedy: str) -> str:
    """Returns an environment variable that must be set and not empty.

    Raises `MyelinError` naming the variable, with `remedy` as the last part.
    """
    value = os.environ.get(variable)
    if not value:
        state = "not set" if value is None else "empty"
        raise MyelinError(f"'{variable}' ({state}) must be set, {remedy}")
    return value
