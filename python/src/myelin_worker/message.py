"""Messages of the Seldon protocol to arguments of the class, and what it returns to messages."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from myelin_worker.errors import BadRequest, WrongAnswer, described

try:  # As Seldon's wrapper does: arrays where the image has them.
    import numpy
except Exception:  # absent, or built for another machine
    numpy = None  # type: ignore[assignment]

METRIC_TYPES = ("COUNTER", "GAUGE", "TIMER")


class Payload(NamedTuple):
    """What a message carries. `form` is the key that it came under: ndarray, tensor, jsonData, strData or binData."""

    value: Any
    names: List[str]
    form: str


def payload(message: Any) -> Payload:
    """Raises `BadRequest` when the message carries nothing that a class can take."""
    if not isinstance(message, dict):
        raise BadRequest("message", f"({described(message)}) must be an object, wrap the rows as {{\"data\": {{\"ndarray\": [...]}}}}")
    if isinstance(message.get("data"), dict):
        data = message["data"]
        names = data.get("names") if isinstance(data.get("names"), list) else []
        if "tensor" in data:
            return Payload(_from_tensor(data["tensor"]), names, "tensor")
        if "ndarray" in data:
            return Payload(_from_ndarray(data["ndarray"]), names, "ndarray")
    for form in ("jsonData", "strData"):
        if form in message:
            return Payload(message[form], [], form)
    if "binData" in message:
        return Payload(_from_base64(message["binData"]), [], "binData")
    raise BadRequest("message", "must have 'data.ndarray', 'data.tensor', 'jsonData', 'strData' or 'binData', add one")


def truth_value(message: Any) -> Any:
    """The truth as the class gets it: the payload of a message, or the bare value as it came."""
    known = ("data", "jsonData", "strData", "binData")
    return payload(message).value if isinstance(message, dict) and any(key in message for key in known) else message


def answer(result: Any, form: str, names: Optional[List[str]], method: str) -> Dict[str, Any]:
    """The message that says what `method` returned, in the form that was asked where the result allows it.

    Raises `WrongAnswer` when no message can say it.
    """
    if isinstance(result, str):
        return {"strData": result}
    if isinstance(result, (bytes, bytearray)):
        return {"binData": base64.b64encode(result).decode("ascii")}
    if isinstance(result, dict):
        return {"jsonData": result}
    array = _array(result, method)
    if form == "jsonData":
        return {"jsonData": array}
    data: Dict[str, Any] = {"tensor": _tensor(array, method)} if form == "tensor" else {"ndarray": array}
    return {"data": data if names is None else {"names": names, **data}}


def encoded(frame: Dict[str, Any], method: str) -> str:
    """A reply as JSON. Raises `WrongAnswer` for what JSON cannot hold: NaN, infinity, objects of other types."""
    try:
        return json.dumps(frame, allow_nan=False, separators=(",", ":"), default=_plain)
    except ValueError as error:
        if "circular" in str(error).lower():
            raise WrongAnswer(method, "a value that holds itself", "plain values", "return a copy without the cycle") from None
        raise WrongAnswer(method, "NaN or infinity", "finite numbers, JSON has no others", "replace them, for example by numpy.nan_to_num") from None
    except TypeError as error:
        raise WrongAnswer(method, str(error), "numbers, strings, booleans, lists and dictionaries with text keys", "convert the rest") from None


def checked_tags(tags: Any, method: str) -> Dict[str, Any]:
    """Raises `WrongAnswer` unless it is a dictionary; None is an empty one."""
    if tags is None:
        return {}
    if not isinstance(tags, dict):
        raise WrongAnswer(method, described(tags), "a dictionary of tags", "return {} for none")
    return tags


def checked_metrics(metrics: Any, method: str) -> List[Dict[str, Any]]:
    """Raises `WrongAnswer` unless each is {key, type, value} with a known type and a number; None is an empty list."""
    if metrics is None:
        return []
    if not isinstance(metrics, (list, tuple)):
        raise WrongAnswer(method, described(metrics), "a list of metrics", "return [] for none")
    for metric in metrics:
        number = metric.get("value") if isinstance(metric, dict) else None
        number = _plain(number) if hasattr(number, "tolist") else number
        numeric = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not numeric or not isinstance(metric.get("key"), str) or metric.get("type") not in METRIC_TYPES:
            form = '{"key": "a name", "type": "COUNTER", "GAUGE" or "TIMER", "value": a number}'
            raise WrongAnswer(method, described(metric), f"metrics of the form {form}", "correct this one")
    return list(metrics)


def _plain(value: Any) -> Any:
    """Values of numpy, pandas and torch as Python's own."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "to_numpy"):  # a pandas frame
        return value.to_numpy().tolist()
    if isinstance(value, (tuple, set, frozenset, range)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _array(result: Any, method: str) -> Any:
    if isinstance(result, list):
        return result
    if hasattr(result, "tolist") or hasattr(result, "to_numpy") or isinstance(result, tuple):
        result = _plain(result)
    if isinstance(result, (int, float)):  # one number for one row
        return [result]
    if isinstance(result, list):
        return result
    if hasattr(result, "__await__"):
        result.close()
        raise WrongAnswer(method, "a coroutine", "its result", "make it a plain method without async")
    remedy = "add a return statement" if result is None else "convert it"
    raise WrongAnswer(method, described(result), "an array, a list, a number, a string, bytes or a dictionary", remedy)


def _tensor(array: List[Any], method: str) -> Dict[str, Any]:
    shape: List[int] = []
    level: List[Any] = array
    while True:
        level = [_plain(item) if hasattr(item, "tolist") else item for item in level]
        shape.append(len(level))
        if not level or not isinstance(level[0], (list, tuple)):
            break
        width = len(level[0])
        if any(not isinstance(row, (list, tuple)) or len(row) != width for row in level):
            raise WrongAnswer(method, "rows of different lengths", "rows of one length, as a tensor was asked for", "ask for an ndarray or pad them")
        level = [item for row in level for item in row]
    sizes = _sizes(shape)
    if any(isinstance(item, (list, tuple, str, dict)) or item is None for item in level):
        raise WrongAnswer(method, "values that are no numbers", "numbers, as a tensor was asked for", "ask for an ndarray")
    return {"shape": sizes, "values": level}


def _sizes(counts: List[int]) -> List[int]:
    """Lengths of the axes, from how many items there are down to each of them."""
    return [count // before if before else 0 for before, count in zip([1] + counts[:-1], counts)]


def _from_ndarray(value: Any) -> Any:
    if not isinstance(value, list):
        raise BadRequest("data.ndarray", f"({described(value)}) must be a list, wrap the value in one")
    if numpy is None:
        return value
    try:
        return numpy.array(value)
    except ValueError:  # rows of different lengths
        return value


def _from_tensor(tensor: Any) -> Any:
    shape, values = _tensor_parts(tensor)
    if numpy is not None:
        try:
            return numpy.array(values).reshape(shape)
        except ValueError as error:
            raise BadRequest("data.tensor.values", f"({error}) must be a flat list, flatten it") from None
    for size in reversed(shape[1:]):
        values = [values[start:start + size] for start in range(0, len(values), size)] if size else []
    return values


def _tensor_parts(tensor: Any) -> Tuple[List[int], List[Any]]:
    values = tensor.get("values") if isinstance(tensor, dict) else None
    if not isinstance(values, list):
        raise BadRequest("data.tensor", f"({described(tensor)}) must have a list of 'values', add it")
    shape = tensor.get("shape", [len(values)])
    if not isinstance(shape, list) or any(not isinstance(size, int) or isinstance(size, bool) or size < 0 for size in shape):
        raise BadRequest("data.tensor.shape", f"({described(shape)}) must be a list of lengths, correct it")
    count = 1
    for size in shape:
        count *= size
    if not shape or count != len(values):
        raise BadRequest("data.tensor.shape", f"({shape}) must fit the {len(values)} values, correct one of them")
    return shape, values


def _from_base64(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BadRequest("binData", f"({described(value)}) must be base64, encode it") from None
