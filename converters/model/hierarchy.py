"""The hierarchy of concepts: the code lists and the concepts that a document adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


class Hierarchy:
    """Parents of concepts by key: the concepts of the vocabulary and those added from a document.

    `unions` are concepts that unite others from elsewhere in their code list. Such a concept overlaps its siblings, so
    that it is none of the children that divide its parent.
    """

    def __init__(self, parents: Mapping[str, str | None], unions: Mapping[str, Sequence[str]] | None = None) -> None:
        self._parents = dict(parents)
        self._unions = {key: tuple(united) for key, united in (unions or {}).items()}
        self._lines: dict[str, tuple[str, ...]] = {}

    def add(self, key: str, parent: str | None) -> None:
        """Add `key` under `parent`; do nothing if the hierarchy already contains `key`."""
        if key not in self._parents:
            self._parents[key] = parent
            self._lines.clear()

    def move(self, key: str, parent: str) -> None:
        """Move `key` under `parent`, whatever its parent was; do nothing if that would create a cycle."""
        if not self.is_within(parent, key):
            self._parents[key] = parent
            self._lines.clear()

    def contains(self, key: str) -> bool:
        """Return whether the hierarchy contains a key."""
        return key in self._parents

    def parent(self, key: str) -> str | None:
        """Return the parent of a concept, None for a top concept."""
        return self._parents.get(key)

    def line(self, key: str) -> tuple[str, ...]:
        """Return a concept and its ancestors, from the concept itself to the top."""
        if key not in self._lines:
            line = [key]
            while (above := self._parents.get(line[-1])) is not None and above not in line:
                line.append(above)
            self._lines[key] = tuple(line)
        return self._lines[key]

    def is_within(self, narrow: str, wide: str) -> bool:
        """Return whether `narrow` is `wide`, or a descendant of `wide` or of a concept that `wide` unites."""
        line = self.line(narrow)
        return wide in line or (wide in self._unions and any(united in line for united in self._unions[wide]))

    @property
    def unions(self) -> frozenset[str]:
        """The concepts that unite others."""
        return frozenset(self._unions)

    def united(self, key: str) -> tuple[str, ...]:
        """Return the concepts that a concept unites, none for other concepts."""
        return self._unions.get(key, ())

    def common_part(self, one: str, other: str) -> str | None:
        """Return what two concepts have in common, None if nothing: the narrower, or a concept that one of them unites.

        The running of an office (运转类) and project expenditure have other running costs (其他运转类) in common.
        """
        if self.is_within(one, other):
            return one
        if self.is_within(other, one):
            return other
        for union, rest in ((one, other), (other, one)):
            parts = [part for united in self.united(union) if (part := self.common_part(united, rest)) is not None]
            if len(parts) == 1:
                return parts[0]
        return None

    def comparable(self, one: str, other: str) -> bool:
        """Return whether two concepts have anything in common."""
        return self.common_part(one, other) is not None

    def lowest_common_ancestor(self, keys: Sequence[str]) -> str | None:
        """Return the lowest common ancestor of `keys`, None if there is none."""
        lines = [self.line(key) for key in dict.fromkeys(keys)]
        return next((key for key in lines[0] if all(key in line for line in lines[1:])), None) if lines else None

    def children(self, key: str) -> Iterable[str]:
        """Return the children that divide a concept."""
        return (child for child, parent in self._parents.items() if parent == key and child not in self._unions)
