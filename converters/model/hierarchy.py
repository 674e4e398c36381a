"""Which concept stands under which: the code lists, and what a document adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class Hierarchy:
    """Parents by key, those of the vocabulary first, those met in a document (organisations, projects) beside them."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents = dict(parents)
        self._lines: dict[str, tuple[str, ...]] = {}

    def add(self, key: str, parent: str | None) -> None:
        """Put `key` under `parent`, unless it has its place already."""
        if key not in self._parents:
            self._parents[key] = parent
            self._lines.clear()

    def move(self, key: str, parent: str) -> None:
        """Put `key` under `parent` in this document, whatever it stands under in the lists; no circle is made."""
        if not self.is_within(parent, key):
            self._parents[key] = parent
            self._lines.clear()

    def knows(self, key: str) -> bool:
        """Whether the key has its place."""
        return key in self._parents

    def parent(self, key: str) -> str | None:
        """The concept immediately above, None at the top."""
        return self._parents.get(key)

    def line(self, key: str) -> tuple[str, ...]:
        """The concept and all above it, itself first."""
        if key not in self._lines:
            line = [key]
            while (above := self._parents.get(line[-1])) is not None and above not in line:
                line.append(above)
            self._lines[key] = tuple(line)
        return self._lines[key]

    def is_within(self, narrow: str, wide: str) -> bool:
        """Whether `narrow` is `wide` or stands somewhere under it."""
        return wide in self.line(narrow)

    def comparable(self, one: str, other: str) -> bool:
        """Whether one of the two is the other or stands under it."""
        return self.is_within(one, other) or self.is_within(other, one)

    def lowest_common_ancestor(self, keys: Sequence[str]) -> str | None:
        """The narrowest concept that holds all of `keys`, None if they have no common top."""
        lines = [self.line(key) for key in dict.fromkeys(keys)]
        return next((key for key in lines[0] if all(key in line for line in lines[1:])), None) if lines else None

    def children(self, key: str) -> Iterable[str]:
        """The concepts immediately under `key`."""
        return (child for child, parent in self._parents.items() if parent == key)
