"""What a session answers instead of a prediction."""

from __future__ import annotations

from typing import Any


class WorkerError(Exception):
    """An error whose message is meant for the caller: the offending place, and what is wrong with it."""

    # Tells the front whose mistake it is.
    code = "raised"

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"'{place}' {problem}")
        self.place = place
        self.problem = problem


class Raised(WorkerError):
    """An exception of the user's code, without its traceback, which belongs to the log."""

    def __init__(self, method: str, error: BaseException) -> None:
        super().__init__(method, f"raised {summary(error)}")


class BadRequest(WorkerError):
    """The request's payload cannot be handed to the class."""

    code = "request"


class WrongAnswer(WorkerError):
    """The class returned what no reply can hold: names the method, what was returned, and the remedy."""

    code = "answer"

    def __init__(self, method: str, returned: Any, rule: str, remedy: str) -> None:
        super().__init__(method, f"({returned}) must return {rule}, {remedy}")


class NotLoaded(WorkerError):
    """There is no class to load, or it is no prediction class."""

    code = "load"


def described(value: Any) -> str:
    """A value as messages show it: what it is, and at most 60 characters of it."""
    if value is None:
        return "None"
    try:
        text = repr(value)
    except Exception:  # the user's own __repr__
        text = ""
    return f"{type(value).__name__} {text[:57] + '...' if len(text) > 60 else text}".strip()


def summary(error: BaseException) -> str:
    """Type and message of an exception in one line, at most 500 characters."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # the user's own __str__
        text = ""
    name = type(error).__name__
    return f"{name}: {text}"[:500] if text else name
