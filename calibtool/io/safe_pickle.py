"""Read a pickle that may come from anywhere without running anything it asks for.

Only plain values come out. Numpy scalars are rebuilt from their bytes by own code; every
other name a pickle wants to import is refused before it is looked up.
"""

import io
import pickle
import struct
from typing import Any, NoReturn

_LARGEST = 4_000_000
_PLAIN = (str, int, float, bool, bytes, type(None))
_SCALAR = {("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar")}
_DTYPE = {("numpy", "dtype")}
# Letters of the struct module for the kinds and sizes of plain numbers.
_CODES = {"b1": "?", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H"}
_CODES |= {"u4": "I", "u8": "Q", "f2": "e", "f4": "f", "f8": "d"}


class RefusedError(Exception):
    """The pickle asks for something that is not plain data."""


class _Dtype:
    """Stands for ``numpy.dtype``: remembers kind, size and byte order, nothing else."""

    __slots__ = ("code", "order")

    def __init__(self, code: str) -> None:
        self.code, self.order = code, "<"

    def __setstate__(self, state: Any) -> None:
        self.order = ">" if state[1] == ">" else "<"


class _MakeDtype:
    __slots__ = ()

    def __call__(self, code: Any, *_: Any) -> _Dtype:
        if code not in _CODES:
            raise RefusedError(f"a numpy type {str(code)[:20]!r}")
        return _Dtype(code)


class _MakeScalar:
    __slots__ = ()

    def __call__(self, dtype: Any, data: Any = b"") -> Any:
        if not isinstance(dtype, _Dtype) or not isinstance(data, bytes):
            raise RefusedError("a numpy value that is not a number")
        return struct.unpack(dtype.order + _CODES[dtype.code], data)[0]


class _PlainUnpickler(pickle.Unpickler):
    """An unpickler that imports nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _SCALAR:
            return _MakeScalar()
        if (module, name) in _DTYPE:
            return _MakeDtype()
        raise RefusedError(f"{module}.{name}")

    def persistent_load(self, pid: Any) -> NoReturn:
        raise RefusedError("an object stored elsewhere")


def load_plain(data: bytes) -> Any:
    """Value of a pickle made of plain containers, plain values and numpy numbers.

    Parameters
    ----------
    data : bytes
        The pickle.

    Returns
    -------
    object
        Built of dict, list, tuple, set, str, int, float, bool, bytes and None only.

    Raises
    ------
    RefusedError
        Where it asks for anything else; nothing of it was run.
    ValueError
        Where it is damaged or is no pickle.
    """
    if len(data) > _LARGEST:
        raise ValueError("it is far too large")
    try:
        value = _PlainUnpickler(io.BytesIO(data)).load()
        _check(value)
    except RefusedError:
        raise
    except Exception as error:
        # A damaged pickle can raise anything its opcodes stumble over.
        raise ValueError(f"it is no pickle or is damaged ({type(error).__name__})") from error
    return value


def _check(value: Any) -> None:
    """Raise RefusedError where a value holds anything but plain data."""
    waiting, seen = [value], 0
    while waiting:
        item = waiting.pop()
        seen += 1
        if seen > _LARGEST:
            raise RefusedError("data without an end")
        if type(item) in _PLAIN:
            continue
        if isinstance(item, dict):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, (list, tuple, set, frozenset)):
            waiting += item
        else:
            raise RefusedError("an object that is not plain data")
