"""Lists in running text: which whole the statements that follow are parts of, and where a list ends."""

from __future__ import annotations

from collections.abc import Mapping

from converters.model.hierarchy import Hierarchy
from converters.narrative.drafts import Draft, Enumeration
from converters.narrative.word_meanings import agrees, merge


class Enumerations:
    """The lists that are open, outermost first; below them all lies what stands in no list. `done` holds every list."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy
        self.done: list[Enumeration] = []
        self.clear()

    def clear(self) -> None:
        """Close all lists and forget what was stated last, as a heading does."""
        self._open = [Enumeration(None, {}, inline=False, complete=False)]

    @property
    def top(self) -> Enumeration:
        """The innermost list."""
        return self._open[-1]

    def places(self) -> dict[str, str] | None:
        """What the whole of the innermost list and the words that open it settle; None without a whole."""
        whole = self.top.whole
        return None if whole is None else merge(whole.places(self._hierarchy), self.top.places, self._hierarchy)

    def open(
        self, places: Mapping[str, str] | None, inline: bool, complete: bool, whole: Draft | None, bracket: bool = False
    ) -> None:
        """Open a list of parts of `whole`; if the words that open it are not understood (None), of nothing known."""
        if places is None or (whole and not agrees(whole.places(self._hierarchy), places, self._hierarchy)):
            whole = None
        listing = Enumeration(whole, places or {}, inline, complete, bracket=bracket)
        self._open.append(listing)
        self.done.append(listing)

    def enter(self, rank: str | None) -> None:
        """Close the lists that this mark does not go on with; a lower mark opens one below the last entry."""
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

    def end_sentence(self) -> Draft | None:
        """Close the lists that end with their sentence; what is spoken of again is the whole of the outermost."""
        whole = None
        while self.top.inline:
            whole = self._open.pop().whole or whole
        return whole

    def close_bracket(self) -> Draft | None:
        """Close the list in brackets, if one is open, and return its whole."""
        if not any(listing.bracket for listing in self._open):
            return None
        while True:
            closed = self._open.pop()
            if closed.bracket:
                return closed.whole

    def add(self, draft: Draft) -> None:
        """Put a statement into the innermost list that it can be a part of; lists that it ends are closed.

        A second statement about what an entry has stated already belongs to the list and is no further part of it.
        """
        while len(self._open) > 1:
            top, places = self.top, self.places()
            if places is None or top.whole is None:
                break
            alike = draft.measure == top.whole.measure or (draft.counts and top.whole.counts)
            if alike and agrees(places, draft.own, self._hierarchy):
                draft.own, draft.whole = merge(top.places, draft.own, self._hierarchy), top.whole
                self._add_part(top, draft)
                return
            if draft.counts != top.whole.counts:
                return
            if not top.parts:
                top.whole, top.places = None, {}
                break
            self._open.pop()
        self.top.last = draft

    def _add_part(self, listing: Enumeration, draft: Draft) -> None:
        before = listing.parts[-1] if listing.parts and not listing.inline else None
        same_entry = before is not None and before.sentence.paragraph is draft.sentence.paragraph
        if before and same_entry and agrees(before.places(self._hierarchy), draft.own, self._hierarchy):
            return
        listing.parts.append(draft)
        listing.last = draft

    def spoil(self) -> None:
        """Mark every open list as lacking an entry; what comes next is no part of what was stated last."""
        for listing in self._open:
            listing.broken = True
        self.top.last = None
