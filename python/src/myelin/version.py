"""The version of a deployed model, from the events that led to it."""

from __future__ import annotations

import hashlib
from typing import Iterable

from myelin.errors import MyelinError


def version_hash(event_ids: Iterable[str]) -> str:
    """First 10 hexadecimal digits of SHA-256 over the sorted, unique event ids joined by a newline (UTF-8).

    Order and repetition of the ids do not matter: a duplicate delivery gives the same version. Ids are sorted
    by code point, as Python does and UTF-16 languages must take care to.

    Raises `MyelinError` without any id, and for one that is empty, holds a newline or cannot be written as UTF-8.
    """
    ids = sorted({_checked(event_id) for event_id in event_ids})
    if not ids:
        raise MyelinError("'event_ids' (none) must hold at least one id, a version comes from the events that led to it")
    return hashlib.sha256("\n".join(ids).encode("utf-8")).hexdigest()[:10]


def _checked(event_id: str) -> str:
    surrogate = isinstance(event_id, str) and any("\ud800" <= letter <= "\udfff" for letter in event_id)
    if not isinstance(event_id, str) or not event_id or "\n" in event_id or surrogate:
        raise MyelinError(f"'event id' ({event_id!r}) must be a text of one line, pass the ids as the ledger holds them")
    return event_id
