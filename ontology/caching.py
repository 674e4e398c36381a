"""Caches for functions whose arguments have default values, and for functions of a text."""

from collections.abc import Callable
from functools import cache, lru_cache, wraps
from inspect import signature
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_SHORT = 80
_KEPT = 8192


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Cache a function by the values of its arguments.

    Unlike with `functools.cache`, `load()`, `load(DEFAULT_BASE)` and `load(base=DEFAULT_BASE)` are one call, so that
    what takes long to load is loaded once. Arguments must be hashable, and none may be given by keyword only.
    """
    kept = cache(function)
    parameters = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        bound = parameters.bind(*args, **kwargs)
        bound.apply_defaults()
        return kept(*bound.args)

    return call


def cached_for_short_texts(function: Callable[[str], T]) -> Callable[[str], T]:
    """Cache a pure function of a text for the short texts that it was called with last.

    The same labels and numbers are read again and again, by each step of a conversion and in each disclosure. The
    length of what is kept is limited, so that no file fills the memory.
    """
    kept = lru_cache(maxsize=_KEPT)(function)

    @wraps(function)
    def call(text: str) -> T:
        return kept(text) if len(text) <= _SHORT else function(text)

    return call
