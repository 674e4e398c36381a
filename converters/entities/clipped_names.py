"""Match printed names that differ in affixes or are clipped by a narrow column."""

from __future__ import annotations

from collections.abc import Mapping

from ontology.narrative_words import Phrases, bare

_SHORTEST = 4


def match_name(name: str, names: Mapping[str, str], phrases: Phrases) -> set[str]:
    """Return the keys of the `names` (key to name) that match a printed name.

    Names are compared without the affixes that indicate their class. Equal names match; if none is equal, a name
    matches if one of the two is a prefix of the other and longer than half of it, since narrow columns clip names.
    """
    cores = {key: _core(other, phrases) for key, other in names.items()}
    core = _core(name, phrases)
    equal = {key for key, other in cores.items() if other == core}
    return equal or {key for key, other in cores.items() if _clipped(core, other) or _clipped(other, core)}


def _core(name: str, phrases: Phrases) -> str:
    """The name without the affixes that indicate its class."""
    core = bare(name)
    for prefix in phrases.signs["name-prefix"]:
        core = core.removeprefix(prefix)
    for suffix in phrases.signs["name-suffix"]:
        core = core.removesuffix(suffix) if len(core) - len(suffix) >= _SHORTEST else core
    return core


def _clipped(short: str, long: str) -> bool:
    return len(short) >= _SHORTEST and long.startswith(short) and 2 * len(short) > len(long)
