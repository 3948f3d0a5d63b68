"""The user's class: found by name, called the way its methods are written."""

from __future__ import annotations

import importlib
import inspect
import os
from typing import Any, Callable, Dict, List, Mapping, Optional

from myelin_worker import message as messages
from myelin_worker.errors import NotLoaded, WrongAnswer, described

_TYPES = {"API_TYPE": "REST", "SERVICE_TYPE": "MODEL", "PERSISTENCE": "0"}


def load(env: Mapping[str, str]) -> "Predictor":
    """Imports and instantiates the class that MYELIN_PREDICTOR names, or MODEL_NAME of the image.

    `Digits` is the class of that name in Digits.py, `pkg.mod.Class` the class of a module. Raises `NotLoaded` for
    what is ours to tell, and whatever the user's code raises.
    """
    for variable, only in _TYPES.items():
        if env.get(variable, only) != only:
            raise NotLoaded(variable, f"({env[variable]}) must be {only}, the only one that is served here, correct or remove it")
    variable = "MYELIN_PREDICTOR" if env.get("MYELIN_PREDICTOR") else "MODEL_NAME"
    name = env.get(variable, "")
    if not name:
        raise NotLoaded("MYELIN_PREDICTOR", "(not set) must name the prediction class, set 'predictor' of the model server")
    cls = _class(name, variable)
    instance = cls()
    loader = getattr(instance, "load", None)
    if callable(loader) and not _positional(loader):  # Seldon's second step of loading
        loader()
    return Predictor(instance, cls.__name__)


class Predictor:
    """An instance of the user's class, with the forms of its methods known."""

    def __init__(self, instance: Any, name: str) -> None:
        self._instance = instance
        self.name = name
        method = getattr(instance, "predict", None)
        if not callable(method):
            raise NotLoaded(name, "(no method predict) must have one, write predict(self, X, feature_names)")
        self._predict = _predict_caller(method)
        self._feedback = _feedback_caller(instance)
        self.learns = self._feedback is not None

    def predict(self, frame_id: Any, message: Any) -> str:
        """The reply to a predict frame, encoded. Raises `WorkerError`, or what the class raises."""
        asked = messages.payload(message)
        result = self._predict(asked.value, asked.names, message.get("meta") or {})
        method = f"{self.name}.predict"
        reply = messages.answer(result, asked.form, self._class_names(result), method)
        meta = {
            "tags": messages.checked_tags(self._optional("tags"), f"{self.name}.tags"),
            "metrics": messages.checked_metrics(self._optional("metrics"), f"{self.name}.metrics"),
        }
        # One by one, so that the message names the method that is wrong.
        encoded = {key: messages.encoded(value, f"{self.name}.{key}") for key, value in meta.items()}
        text = messages.encoded(reply, method)
        return f'{{"id":{int(frame_id)},"answer":{text},"tags":{encoded["tags"]},"metrics":{encoded["metrics"]}}}'

    def feedback(self, frame_id: Any, feedback: Dict[str, Any]) -> str:
        """The reply to a feedback frame, encoded; the class's own return value is not needed."""
        if self._feedback is not None:
            self._feedback(feedback)
        return f'{{"id":{int(frame_id)},"answer":null}}'

    def _class_names(self, result: Any) -> Optional[List[str]]:
        names = getattr(self._instance, "class_names", None)
        if callable(names):
            names = names()
        if names is None or isinstance(result, (str, bytes, dict)):
            return None
        names = names.tolist() if hasattr(names, "tolist") else names
        if not isinstance(names, (list, tuple)):
            raise WrongAnswer(f"{self.name}.class_names", described(names), "a list of names", "correct it or remove it")
        return [str(name) for name in names]

    def _optional(self, name: str) -> Any:
        member = getattr(self._instance, name, None)
        return member() if callable(member) else member


def _class(name: str, variable: str) -> type:
    module_name, _, class_name = name.rpartition(".")
    module_name = module_name or name
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not (module_name == error.name or module_name.startswith(f"{error.name}.")):
            raise  # one of the user's own imports
        place = os.path.join(os.getcwd(), *module_name.split(".")) + ".py"
        rule = f"({name}) must name a class and its file, there is no {place}"
        raise NotLoaded(variable, f"{rule}, correct the name or the image's working directory") from None
    found = getattr(module, class_name, None)
    if not inspect.isclass(found):
        classes = sorted(key for key, value in vars(module).items() if inspect.isclass(value) and value.__module__ == module.__name__)
        remedy = f"write {module_name}.{classes[0]}" if len(classes) == 1 else "correct the name"
        raise NotLoaded(variable, f"({name}) must name a class of {getattr(module, '__file__', module_name)}, {remedy}")
    return found


def _positional(method: Callable[..., Any]) -> Optional[List[inspect.Parameter]]:
    """The parameters that can be given by position; None when that cannot be known."""
    try:
        parameters = list(inspect.signature(method).parameters.values())
    except (TypeError, ValueError):  # built of C
        return None
    return [parameter for parameter in parameters if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)]


def _predict_caller(method: Callable[..., Any]) -> Callable[[Any, List[str], Any], Any]:
    positional = _positional(method)
    if positional is None:
        return lambda X, names, meta: method(X, names)
    variadic = any(parameter.kind == parameter.VAR_POSITIONAL for parameter in inspect.signature(method).parameters.values())
    keyword_meta = "meta" in inspect.signature(method).parameters and all(parameter.name != "meta" for parameter in positional)
    # A third parameter of another name that has a default is the author's own.
    takes_meta = len(positional) > 2 and (positional[2].name == "meta" or positional[2].default is inspect.Parameter.empty)
    count = 2 if variadic else min(len(positional), 3 if takes_meta else 2)

    def call(X: Any, names: List[str], meta: Any) -> Any:
        arguments = (X, names, meta)[:count]
        return method(*arguments, meta=meta) if keyword_meta else method(*arguments)

    return call


def _feedback_caller(instance: Any) -> Optional[Callable[[Dict[str, Any]], Any]]:
    rest = getattr(instance, "send_feedback_rest", None)
    if callable(rest):
        return rest
    method = getattr(instance, "send_feedback", None)
    if not callable(method):
        return None
    routed = any(parameter.name == "routing" for parameter in _positional(method) or [])

    def call(feedback: Dict[str, Any]) -> Any:
        asked = messages.payload(feedback.get("request"))
        truth = messages.truth_value(feedback.get("truth"))
        arguments = (asked.value, asked.names, feedback.get("reward"), truth)
        return method(*arguments, routing=None) if routed else method(*arguments)

    return call
