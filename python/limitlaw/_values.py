"""Values of Python as requests hold them, and back."""

from __future__ import annotations

import base64
import contextlib
import os
import tempfile
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

import numpy as np

# Bytes of an array beyond which a file is quicker than a line.
_LARGE = 1 << 25


def sent_array(array: "np.ndarray[Any, Any]") -> Dict[str, Any]:
    """Real numbers by their bytes."""
    doubles = np.ascontiguousarray(array, dtype="<f8")
    return {"float64": base64.b64encode(doubles.data).decode("ascii"), "shape": list(array.shape)}


def read_array(sent: Mapping[str, Any]) -> "np.ndarray[Any, Any]":
    doubles = np.frombuffer(base64.b64decode(sent["float64"]), dtype="<f8")
    return doubles.reshape(sent["shape"]).astype(np.float64)


@contextlib.contextmanager
def sent_options(options: Mapping[str, Any], files: bool = True) -> Iterator[Dict[str, Any]]:
    """Options as a request holds them, those that are None left out.

    files
        Whether a large or complex array may become a file, which is there meanwhile.
    """
    with contextlib.ExitStack() as stack:
        yield {
            name: _sent(name, value, stack if files else None)
            for name, value in options.items()
            if value is not None
        }


def _sent(name: str, value: Any, stack: Optional[contextlib.ExitStack]) -> Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, np.ndarray) and value.ndim > 0:
        real = np.can_cast(value.dtype, np.float64, "same_kind")
        if real and (stack is None or value.nbytes <= _LARGE):
            return sent_array(value)
        if stack is None:
            raise TypeError(f"{name} must hold real numbers, got an array of {value.dtype}")
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="limitlaw-"))
        path = os.path.join(folder, f"{name}.npy")
        np.save(path, value, allow_pickle=False)
        return path
    if isinstance(value, (list, tuple)):
        return [_sent_scalar(entry) for entry in value]
    return _sent_scalar(value)


def _sent_scalar(value: Any) -> Any:
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def pairs_text(law: Mapping[float, float]) -> str:
    """A law of weights, value → mass, as the command line writes it."""
    return ",".join(f"{float(value)!r}:{float(mass)!r}" for value, mass in law.items())


def number(value: Any) -> float:
    """A number as JSON holds it, where infinities are text."""
    return float("nan") if value is None else float(value)


def interval(value: Any) -> Tuple[float, float]:
    """Either form that the program uses: [lower, upper] or {lower, upper}."""
    ends = (value["lower"], value["upper"]) if isinstance(value, Mapping) else value
    return (number(ends[0]), number(ends[1]))
