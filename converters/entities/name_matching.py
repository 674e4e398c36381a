"""Match printed names: equal but for affixes, or clipped by a narrow column."""

from __future__ import annotations

from collections.abc import Mapping

from ontology.phrases import Phrases, bare

_SHORTEST = 4


def match_name(name: str, names: Mapping[str, str], phrases: Phrases) -> set[str]:
    """The keys in `names` (key to name) that a printed name means.

    Names are compared without the affixes that tell their class. An equal one is meant; else one that is the beginning
    of the other and more than half of it, since columns clip names.
    """
    cores = {key: _core(other, phrases) for key, other in names.items()}
    core = _core(name, phrases)
    equal = {key for key, other in cores.items() if other == core}
    return equal or {key for key, other in cores.items() if _clipped(core, other) or _clipped(other, core)}


def _core(name: str, phrases: Phrases) -> str:
    """The name without the affixes that tell its class."""
    core = bare(name)
    for prefix in phrases.signs["name-prefix"]:
        core = core.removeprefix(prefix)
    for suffix in phrases.signs["name-suffix"]:
        core = core.removesuffix(suffix) if len(core) - len(suffix) >= _SHORTEST else core
    return core


def _clipped(short: str, long: str) -> bool:
    return len(short) >= _SHORTEST and long.startswith(short) and 2 * len(short) > len(long)
