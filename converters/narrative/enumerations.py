"""Lists in running text: the whole that following statements are parts of, and where a list ends."""

from __future__ import annotations

from collections.abc import Mapping

from converters.model.hierarchy import Hierarchy
from converters.narrative.draft_statements import DraftStatement, Enumeration
from converters.narrative.word_meanings import agrees, merge


class EnumerationStack:
    """The open lists above a base for statements outside lists; `done` holds every list opened so far."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy
        self.done: list[Enumeration] = []
        self.clear()

    def clear(self) -> None:
        """Close all lists and forget the last statement."""
        self._open = [Enumeration(None, {}, inline=False, complete=False)]

    @property
    def top(self) -> Enumeration:
        """The innermost list."""
        return self._open[-1]

    def coordinates(self) -> dict[str, str] | None:
        """The coordinates settled by the whole of the innermost list and its opening words; None without a whole."""
        whole = self.top.whole
        return (
            None if whole is None else merge(whole.coordinates(self._hierarchy), self.top.coordinates, self._hierarchy)
        )

    def open(
        self,
        coordinates: Mapping[str, str] | None,
        inline: bool,
        complete: bool,
        whole: DraftStatement | None,
        bracket: bool = False,
    ) -> None:
        """Open a list of parts of `whole`; without a known whole if its opening words are not understood (None)."""
        if coordinates is None or (
            whole and not agrees(whole.coordinates(self._hierarchy), coordinates, self._hierarchy)
        ):
            whole = None
        enumeration = Enumeration(whole, coordinates or {}, inline, complete, bracket=bracket)
        self._open.append(enumeration)
        self.done.append(enumeration)

    def enter(self, rank: str | None) -> None:
        """Close the lists that a list mark does not continue; a lower mark opens a list below the last entry."""
        while len(self._open) > 1:
            top = self.top
            if rank is None:
                if top.rank is None or not top.last:
                    return
            elif top.rank is None and top.last is None:
                top.rank = rank
                return
            elif top.rank == rank:
                return
            elif top.rank is not None and rank > top.rank:
                self.open({}, inline=False, complete=False, whole=top.last)
                self.top.rank = rank
                return
            self._open.pop()

    def end_sentence(self) -> DraftStatement | None:
        """Close the lists that end with their sentence; what is mentioned again is the whole of the outermost."""
        whole = None
        while self.top.inline:
            whole = self._open.pop().whole or whole
        return whole

    def close_bracket(self) -> DraftStatement | None:
        """Close the list in brackets, if any, and return its whole."""
        if not any(enumeration.bracket for enumeration in self._open):
            return None
        while True:
            closed = self._open.pop()
            if closed.bracket:
                return closed.whole

    def add(self, draft: DraftStatement) -> None:
        """Add a statement to the innermost list that it can be a part of, closing the lists that it cannot.

        A second statement about the same entry belongs to the list but is no further part.
        """
        while len(self._open) > 1:
            top, coordinates = self.top, self.coordinates()
            if coordinates is None or top.whole is None:
                break
            alike = draft.measure == top.whole.measure or (draft.counts and top.whole.counts)
            if alike and agrees(coordinates, draft.own, self._hierarchy):
                draft.own, draft.whole = merge(top.coordinates, draft.own, self._hierarchy), top.whole
                self._add_part(top, draft)
                return
            if draft.counts != top.whole.counts:
                return
            if not top.parts:
                top.whole, top.coordinates = None, {}
                break
            self._open.pop()
        self.top.last = draft

    def _add_part(self, enumeration: Enumeration, draft: DraftStatement) -> None:
        before = enumeration.parts[-1] if enumeration.parts and not enumeration.inline else None
        same_entry = before is not None and before.sentence.paragraph is draft.sentence.paragraph
        if before and same_entry and agrees(before.coordinates(self._hierarchy), draft.own, self._hierarchy):
            return
        enumeration.parts.append(draft)
        enumeration.last = draft

    def spoil(self) -> None:
        """Mark every open list as lacking an entry and forget the last statement."""
        for enumeration in self._open:
            enumeration.broken = True
        self.top.last = None
