"""Dataclasses as JSON and back, by the types of their fields.

A member of JSON is called as its field, in camel case. Members that are missing take the default of the field. Unknown
ones are collected in the field `other` if the class has it, else ignored.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
OTHER = "other"


def to_json(value: object) -> Any:
    """Return a dataclass, or what its fields hold, as plain data for `json.dumps`; amounts become strings."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            _member(field.name): to_json(getattr(value, field.name)) for field in fields(value) if field.name != OTHER
        }
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return str(value) if isinstance(value, Decimal) else value


def from_json(kind: type[T], content: Any) -> T:
    """Return the dataclass `kind` from plain data as `to_json` makes it.

    Raises ValueError where a type does not match, or a member without a default is missing.
    """
    try:
        return cast("T", _decode(kind, content))
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


def _decode(kind: Any, content: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if content is None:
            return None
        [inner] = [option for option in get_args(kind) if option is not type(None)]
        return _decode(inner, content)
    if origin is tuple:
        inner, *rest = get_args(kind)
        if rest == [...]:
            return tuple(_decode(inner, item) for item in content)
        return tuple(_decode(each, item) for each, item in zip((inner, *rest), content, strict=True))
    if origin is not None:  # a mapping from text
        value_kind = get_args(kind)[1]
        return {key: _decode(value_kind, item) for key, item in content.items()}
    if is_dataclass(kind):
        return _decode_dataclass(kind, content)
    if kind in (Decimal, int, str, float):
        return kind(content)
    return content


def _decode_dataclass(kind: Any, content: Any) -> Any:
    if not isinstance(content, Mapping):
        raise TypeError(f"{type(content).__name__} instead of an object")
    members = dict(content)
    values = {name: _decode(inner, members.pop(member)) for name, member, inner in _fields(kind) if member in members}
    if any(field.name == OTHER for field in fields(kind)):
        values[OTHER] = {name: value for name, value in members.items() if value}
    return kind(**values)


@cache
def _fields(kind: type) -> tuple[tuple[str, str, Any], ...]:
    """Return name, member of JSON and type of each field."""
    hints = get_type_hints(kind)
    return tuple((field.name, _member(field.name), hints[field.name]) for field in fields(kind) if field.name != OTHER)


@cache
def _member(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
