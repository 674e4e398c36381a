"""Dataclasses as JSON and back, by the types of their fields.

A member of JSON is called as its field, in camel case. Members that are missing take the default of the field. Unknown
ones are collected in the field `other` if the class has it, else ignored.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache, partial
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
        return cast("T", _decoder(cast("Any", kind))(content))
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Return the function that decodes values of a type; looking at types once makes large documents faster to read."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        [inner] = [_decoder(option) for option in arguments if option is not type(None)]
        return lambda content: None if content is None else inner(content)
    if origin is tuple:
        if arguments[-1] is ...:
            each = _decoder(arguments[0])
            return lambda content: tuple(map(each, content))
        decoders = [_decoder(argument) for argument in arguments]
        return lambda content: tuple(decode(item) for decode, item in zip(decoders, content, strict=True))
    if origin is not None:  # a mapping from text
        value = _decoder(arguments[1])
        return lambda content: {key: value(item) for key, item in content.items()}
    if is_dataclass(kind):
        return partial(_decode_dataclass, kind)
    if kind in (Decimal, int, str, float):
        return cast("Callable[[Any], Any]", kind)
    return lambda content: content


def _decode_dataclass(kind: Any, content: Any) -> Any:
    if not isinstance(content, Mapping):
        raise TypeError(f"{type(content).__name__} instead of an object")
    known, has_other = _fields(kind)
    values = {name: decode(content[member]) for name, member, decode in known if member in content}
    if has_other:
        members = {member for _, member, _ in known}
        values[OTHER] = {name: value for name, value in content.items() if value and name not in members}
    return kind(**values)


@cache
def _fields(kind: type) -> tuple[tuple[tuple[str, str, Callable[[Any], Any]], ...], bool]:
    """Return name, member of JSON and decoder of each field, and whether there is one for other members."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(cast("Any", kind))]
    known = tuple((name, _member(name), _decoder(hints[name])) for name in names if name != OTHER)
    return known, OTHER in names


@cache
def _member(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
