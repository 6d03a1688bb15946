"""Frozen values as the plain ones that JSON knows, and back by the types of their fields."""

import dataclasses
import math
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

UNUSABLE = (TypeError, ValueError, KeyError, AttributeError, OverflowError)
"""What `from_plain` raises where a value is not of its type."""

_KINDS: dict[Any, tuple[tuple[type, ...], str]] = {
    float: ((int, float), "a number"),
    int: ((int,), "a whole number"),
    str: ((str,), "a text"),
    bool: ((bool,), "true or false"),
}


def to_plain(value: Any) -> Any:
    """Numbers, texts, lists and dictionaries; NaN and infinity become None."""
    if hasattr(value, "tolist"):
        return to_plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if dataclasses.is_dataclass(value):
        return {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: Any, value: Any) -> Any:
    """Return the value of a declared type that plain values stand for.

    Parameters
    ----------
    kind : type
        A number, text or truth, a dataclass, or what is made of them: tuples, mappings by
        names, choices (`Literal`), and ``X | None``.
    value : object
        Plain values. Entries that a dataclass does not have are passed over.

    Raises
    ------
    TypeError, ValueError, KeyError, AttributeError, OverflowError
        They are of another type.
    """
    if kind in _KINDS:
        return _simple(kind, value)
    if dataclasses.is_dataclass(kind):
        return _record(kind, value)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        known = next(part for part in parts if part is not NoneType)
        return None if value is None else from_plain(known, value)
    if origin is tuple:
        kinds = [parts[0]] * len(value) if parts[1:] == (...,) else parts
        return tuple(from_plain(part, item) for part, item in zip(kinds, value, strict=True))
    if origin is Literal and value not in parts:
        raise ValueError(f"none of {parts}")
    if origin is Literal or kind is Any:
        return value
    return MappingProxyType(
        {_simple(str, key): from_plain(parts[1], item) for key, item in value.items()}
    )


def _simple(kind: type, value: Any) -> Any:
    kinds, words = _KINDS[kind]
    if not isinstance(value, kinds) or isinstance(value, bool) != (kind is bool):
        raise ValueError(f"not {words}")
    simple = kind(value)
    if kind is float and not math.isfinite(simple):
        raise ValueError(f"not {words}")
    return simple


def _record(kind: Any, value: Any) -> Any:
    """A dataclass; where an entry is missing or null, the default of its field stands."""
    values = {}
    for field in dataclasses.fields(kind):
        given = value.get(field.name)
        optional = field.default is not dataclasses.MISSING
        if given is not None or not optional:
            values[field.name] = from_plain(field_types(kind)[field.name], given)
    return kind(**values)


@cache
def field_types(kind: type) -> Mapping[str, Any]:
    """Types of a dataclass's fields by their names."""
    return get_type_hints(kind)
