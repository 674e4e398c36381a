"""Lists in running text: the whole that following statements are parts of, and where a list ends."""

from __future__ import annotations

from collections.abc import Mapping

from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.draft_statements import DraftStatement, Enumeration
from converters.narrative.subject_coordinates import agrees, merge, of_money
from converters.narrative.tokens import CARRIED_FORWARD


class EnumerationStack:
    """The open lists above a base for statements outside lists; `done` holds every list opened so far."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self._hierarchy = hierarchy
        self.done: list[Enumeration] = []
        self._headed: tuple[str, Mapping[str, str]] | None = None
        self.clear()

    def clear(self) -> None:
        """Close all lists and forget the last statement."""
        self._open = [Enumeration(None, {}, inline=False, complete=False)]
        self._suspended: list[Enumeration] = []

    def enter_heading(self, rank: str | None, section: str) -> Mapping[str, str]:
        """Close all lists; return the coordinates of the list that a heading is an entry of.

        A list that begins below the heading of rank `section` may have headings of a lower rank as its entries.
        """
        if self._headed is not None and (rank is None or rank < self._headed[0]):
            self._headed = None
        begins = not self.top.inline and self.top.rank is None and self.top.last is None and len(self._open) > 1
        if begins and rank is not None and rank > section:
            self._headed = rank, of_money(self.coordinates() or self.opening())
        self.clear()
        return self._headed[1] if self._headed is not None and self._headed[0] == rank else {}

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

    def opening(self) -> Mapping[str, str]:
        """The coordinates settled by the words that open a list without a whole."""
        return self.top.coordinates if self.top.whole is None else {}

    def open(
        self,
        coordinates: Mapping[str, str] | None,
        inline: bool,
        complete: bool,
        whole: DraftStatement | None,
        bracket: bool = False,
        some: bool = False,
        nearest: DraftStatement | None = None,
    ) -> None:
        """Open a list of parts of `whole`; without a known whole if its opening words are not understood (None).

        `nearest` is the amount right before the list if it may be the whole as well.
        """
        if coordinates is None or (
            whole and not agrees(whole.coordinates(self._hierarchy), coordinates, self._hierarchy)
        ):
            whole = None
        enumeration = Enumeration(whole, coordinates or {}, inline, complete, bracket, some)
        enumeration.nearest = nearest if whole is not None and nearest is not whole else None
        self._open.append(enumeration)
        self.done.append(enumeration)

    def enter(self, rank: str | None) -> None:
        """Close the lists that a list mark does not continue; a lower mark opens a list below the last entry.

        A paragraph without a mark stands outside a marked list, which the next paragraph with its mark continues.
        """
        if rank is not None and self._resume(rank):
            return
        while len(self._open) > 1:
            top = self.top
            if rank is None:
                if top.rank is None or not top.last:
                    return
            elif top.rank is None and top.last is None:
                top.rank = rank
                return
            elif top.rank == rank:
                top.begin_entry()
                return
            elif top.rank is not None and rank > top.rank:
                self.open({}, inline=False, complete=False, whole=top.latest)
                self.top.rank = rank
                return
            closed = self._open.pop()
            if rank is None:
                self._suspended.insert(0, closed)

    def _resume(self, rank: str) -> bool:
        """Open the lists again that a paragraph without a mark has left, if this mark continues one of them."""
        suspended, self._suspended = self._suspended, []
        begins = self.top.rank is None and self.top.last is None and len(self._open) > 1
        while suspended and suspended[-1].rank != rank:
            suspended.pop()
        if begins or not suspended:
            return False
        self._open = [self._open[0], *suspended]
        self.top.begin_entry()
        return True

    def end_sentence(self) -> DraftStatement | None:
        """Close the lists that end with their sentence; what is mentioned again is the whole of the outermost."""
        whole = None
        while self.top.inline:
            whole = self._open.pop().whole or whole
        return whole

    def close_list(self) -> None:
        """Close the innermost list, whose whole is over."""
        if len(self._open) > 1:
            self._open.pop()

    def close_lists_of(self, whole: DraftStatement) -> None:
        """Close the list of the parts of an amount, and the lists inside it."""
        at = next((at for at, each in enumerate(self._open) if at and each.whole is whole), len(self._open))
        del self._open[at:]

    @property
    def in_bracket(self) -> bool:
        """Whether a list in brackets is open."""
        return any(enumeration.bracket for enumeration in self._open)

    def close_bracket(self) -> DraftStatement | None:
        """Close the list in brackets, if any, and return its whole."""
        if not self.in_bracket:
            return None
        while True:
            closed = self._open.pop()
            if closed.bracket:
                return closed.whole

    def add(self, draft: DraftStatement) -> None:
        """Add a statement to the innermost list that it can be a part of, closing the lists that it cannot.

        A second statement about the same entry belongs to the list but is no further part. What stands in brackets is
        of what stands before them: another flow of it, as in 支出3万元（含上年结转1万元）, is compared with nothing,
        and so is what an expenditure is paid from: 支出3万元，其中当年拨款2万元、上年结转1万元.
        The first part may tell that a whole is not of the kind that its scope usually has. Where it is no part of the
        whole that it seems to have, it is compared with nothing unless the whole is.
        """
        while len(self._open) > 1:
            top, coordinates = self.top, self.coordinates()
            if coordinates is None or top.whole is None:
                break
            alike = draft.measure == top.whole.measure or (
                draft.counts and top.whole.counts and draft.token.unit == top.whole.token.unit
            )
            if alike and self._names_wider(draft, top.whole):
                draft.compared, top.broken, top.last = False, True, draft
                top.whole.compared = top.whole.compared and not self._is_of_other_kind(draft, coordinates)
                return
            if alike and not top.parts and "scope" in coordinates and self._is_of_other_kind(draft, coordinates):
                _leave_open(top.whole, "kind")
                coordinates.pop("kind")
            self._leave_vintage_open(draft, top, coordinates)
            if alike and agrees(coordinates, draft.own, self._hierarchy) and not _is_spent_beside(draft, top):
                draft.own, draft.whole = merge(top.coordinates, draft.own, self._hierarchy), top.whole
                draft.compared = draft.compared and top.whole.compared
                self._add_part(top, draft)
                return
            if draft.counts != top.whole.counts:
                return
            turned = coordinates.get("flow") not in (None, draft.own.get("flow")) and "flow" in draft.own
            if turned and (top.bracket or (top.inline and "vintage" in draft.own)):
                draft.compared, top.last = False, draft
                return
            if top.rank is not None:
                top.broken = True
                break
            if not top.parts:
                top.whole.compared = top.whole.compared and not (alike and self._is_of_other_kind(draft, coordinates))
                draft.compared = draft.compared and (top.whole.compared or not alike)
                top.whole, top.coordinates = None, {}
                break
            self._open.pop()
        self.top.last = draft

    def _is_of_other_kind(self, draft: DraftStatement, coordinates: Mapping[str, str]) -> bool:
        """Whether a part is not of the kind that its whole was taken for, or of a wider one, so that this is open."""
        kind, own = coordinates.get("kind"), draft.own.get("kind")
        return kind is not None and own is not None and not self._hierarchy.is_within(own, kind)

    def _leave_vintage_open(self, draft: DraftStatement, listed: Enumeration, coordinates: dict[str, str]) -> None:
        """Leave open of which year the money of a whole is where brackets behind it hold that of another year.

        In 收入9万元（其中：本年收入8万元、上年结转1万元）, it is of both.
        """
        around, own = coordinates.get("vintage"), draft.own.get("vintage")
        if not self.in_bracket or listed.whole is None or draft.measure != listed.whole.measure:
            return
        if around is not None and own is not None and not self._hierarchy.comparable(around, own):
            _leave_open(listed.whole, "vintage")
            coordinates.pop("vintage")

    def _names_wider(self, draft: DraftStatement, whole: DraftStatement) -> bool:
        """Whether a part names more than its whole: 政府采购货物20万元；其中一般公共预算政府采购50万元.

        Its whole is another statement then, and which one is not certain.
        """
        around = whole.coordinates(self._hierarchy)
        return any(
            d in around and c != around[d] and self._hierarchy.is_within(around[d], c) for d, c in draft.own.items()
        )

    def _add_part(self, enumeration: Enumeration, draft: DraftStatement) -> None:
        before = enumeration.parts[-1] if enumeration.parts and not enumeration.inline else None
        same_entry = before is not None and before.sentence.paragraph is draft.sentence.paragraph
        if before and same_entry and agrees(before.coordinates(self._hierarchy), draft.own, self._hierarchy):
            return
        enumeration.parts.append(draft)
        enumeration.last = draft

    def break_off(self) -> None:
        """Mark every open list as lacking an entry."""
        for enumeration in self._open:
            enumeration.broken = True

    def spoil(self, last: DraftStatement | None = None) -> None:
        """Mark every open list as lacking an entry; `last` is the last statement, which is no part of a list."""
        self.break_off()
        self.top.last = last


def _is_spent_beside(draft: DraftStatement, enumeration: Enumeration) -> bool:
    """Whether an amount by class is of what was spent, not of what is left at the end of the year, told last before it.

    支出9万元，年末结转和结余1万元。具体情况如下：城乡社区支出（类）9万元.
    """
    whole = enumeration.whole
    left = whole is not None and not enumeration.inline and whole.own.get("kind") == CARRIED_FORWARD
    return left and "function" in draft.own and "kind" not in draft.own


def _leave_open(draft: DraftStatement, dimension: str) -> None:
    draft.own = {d: c for d, c in draft.own.items() if d != dimension}
    draft.context = {d: c for d, c in draft.context.items() if d != dimension}
