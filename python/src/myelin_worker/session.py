"""One connection to the front: load the class, then answer a frame at a time."""

from __future__ import annotations

import json
import logging
import os
import select
import sys
import threading
import time
import traceback
from typing import Any, Callable, Dict, Optional

from myelin_worker import predictor as predictors
from myelin_worker.errors import Raised, WorkerError, summary
from myelin_worker.frames import Connection

PROTOCOL = 1
# Time for a method to return, after nobody waits for it.
GRACE_SECONDS = 1.0


def log(text: str) -> None:
    """A line in the pod's log."""
    print(f"myelin-worker: {text}", file=sys.stderr, flush=True)


def serve(connection: Connection, parent: int, loaded: Callable[[], None]) -> int:
    """Speaks with the front until it closes; returns the exit code: 0 closed, 1 the class does not load.

    `parent` is a descriptor that hangs up when the supervisor is gone; `loaded` tells it that the class works.
    """
    threading.Thread(target=_leave_when_alone, args=(connection.socket.fileno(), parent), daemon=True).start()
    try:
        connection.write({"hello": _hello()})
        predictor = _load(connection)
        if predictor is None:
            return 1
        # The supervisor first: whatever a request does from now on, the class has loaded.
        loaded()
        connection.write({"ready": {"class": predictor.name, "learns": predictor.learns}})
        while True:
            frame = connection.read()
            if frame is None:
                return 0
            connection.write_text(_answer(predictor, frame))
    except (BrokenPipeError, ConnectionResetError):
        return 0


def _hello() -> Dict[str, Any]:
    hello: Dict[str, Any] = {"protocol": PROTOCOL, "pid": os.getpid()}
    text = os.environ.get("TIMEOUT", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if 0 < seconds < 86400:
        hello["timeoutSeconds"] = seconds
    elif text:
        log(f"TIMEOUT is not used, it is no number of seconds: value={text!r}")
    return hello


def _load(connection: Connection) -> Optional[predictors.Predictor]:
    # Before the user's imports, which may set up their own.
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    begin = time.monotonic()
    try:
        predictor = predictors.load(os.environ)
    except BaseException as error:  # SystemExit too: a class may not end the worker and be taken for loaded
        text = str(error) if isinstance(error, WorkerError) else summary(error)
        short = traceback.format_exc(limit=-5)
        if not isinstance(error, WorkerError):
            traceback.print_exc()
        connection.write({"failed": {"error": text, "traceback": short[-2000:]}})
        log(f"predictor does not load: {text}")
        return None
    log(f"predictor is ready: class={predictor.name} seconds={time.monotonic() - begin:.1f}")
    return predictor


def _answer(predictor: predictors.Predictor, frame: Dict[str, Any]) -> str:
    call, method = (predictor.feedback, "send_feedback") if frame["call"] == "feedback" else (predictor.predict, "predict")
    try:
        return call(frame["id"], frame["message"])
    except WorkerError as error:
        log(f"{error.code}: {error}")
        told = error
    except BaseException as error:  # SystemExit too: it is a bug of one request
        traceback.print_exc()
        sys.stderr.flush()
        told = Raised(f"{predictor.name}.{method}", error)
    return json.dumps({"id": frame["id"], "error": {"code": told.code, "place": told.place, "problem": told.problem}})


def _leave_when_alone(front: int, parent: int) -> None:
    poller = select.poll()
    # Without events only the hang-up is reported, so a prediction costs this thread nothing.
    poller.register(front, 0)
    poller.register(parent, 0)
    poller.poll()
    time.sleep(GRACE_SECONDS)
    os._exit(0)
