"""A cache for functions whose arguments have default values."""

from collections.abc import Callable
from functools import cache, wraps
from inspect import signature
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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
