"""What to tell users whose installation lacks a module: the extra that brings it, or the system that has it."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from importlib.metadata import requires

from ontology.messages import message

_OPTIONAL = re.compile(r"(?P<name>[A-Za-z0-9._-]+).*\bextra == ['\"](?P<extra>[^'\"]+)['\"]")


def missing_module_to_text(module: str, command: str, language: str) -> str | None:
    """Return why a command cannot run without a module, and the remedy; None if no extra and no system brings it.

    >>> missing_module_to_text("uvicorn", "serve", "en")
    "yusuan serve needs the extra `server` (uvicorn is missing). Install it: pip install 'yusuan[server]'"
    """
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return message("system-unsuited", language, command=command, module=top)
    extra = _find_extra(top)
    return message("extra-missing", language, command=command, module=top, extra=extra) if extra else None


def _find_extra(module: str) -> str | None:
    """The smallest extra with the distribution of this name."""
    extras: dict[str, set[str]] = defaultdict(set)
    for requirement in requires("yusuan") or ():
        if optional := _OPTIONAL.match(requirement):
            extras[optional["extra"]].add(re.sub(r"[._-]+", "_", optional["name"]).lower())
    having = [extra for extra, modules in extras.items() if module.lower() in modules]
    return min(having, key=lambda extra: (len(extras[extra]), extra), default=None)
