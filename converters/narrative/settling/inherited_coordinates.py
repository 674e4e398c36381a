"""What amounts of the text take from headings and from amounts before them, where that may be something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.draft_statements import AMOUNT, SHARE, DraftStatement
from converters.narrative.statements.figure_roles import add_up, value_of
from converters.narrative.subject_coordinates import TIMELESS, merge, of_money
from converters.narrative.tokens import CARRIED_OVER

_DIVIDING = frozenset({"function", "economic", "kind"})
_LINE, _LISTED = "line", "of-which"
_OUTLAY = "code/kind/this-year"
_MOST_PARTS = 12
_NEAR = 8
"""How many amounts before one may tell what it is of."""


def settle_headings_of_parts(drafts: Iterable[DraftStatement], hierarchy: Hierarchy) -> None:
    """Take from an amount what its heading says of one of its parts.

    Under 五、项目支出情况, the amount in 支出预算100万元，其中项目支出20万元 is that of all expenditure. Its parts are
    those of its list, what stands behind 其中, and what adds up to it.
    """
    told: list[DraftStatement] = []  # the amounts of a sentence
    for draft in drafts:
        if draft.measure == SHARE:
            _take_from_heading(draft.reference, draft.subject, hierarchy)
        elif draft.measure == AMOUNT and draft.owner is draft:
            if told and told[0].sentence is not draft.sentence:
                told = []
            told.append(draft)
            whole, *parts = told
            listed = any(t.sort == _LISTED for t in whole.tokens_until(draft.token))
            _take_from_heading(draft.whole, draft, hierarchy)
            if add_up(parts, whole):
                for part in parts:
                    _take_from_heading(whole, part, hierarchy)
            elif listed or (len(parts) == 1 and _is_narrower(draft, whole, hierarchy)):
                _take_from_heading(whole, draft, hierarchy)


def _is_narrower(part: DraftStatement, whole: DraftStatement, hierarchy: Hierarchy) -> bool:
    """Whether the words of an amount name something inside what those of the one before it name: 基本支出, 人员经费."""
    told = part.own.keys() & whole.own.keys()
    return any(part.own[d] != whole.own[d] and hierarchy.is_within(part.own[d], whole.own[d]) for d in told)


def _take_from_heading(whole: DraftStatement | None, part: DraftStatement | None, hierarchy: Hierarchy) -> None:
    """Take from a larger amount the coordinates of its heading that the words of a smaller one tell."""
    if whole is None or part is None or part.measure != AMOUNT or value_of(part) >= value_of(whole):
        return
    named = {
        dimension
        for dimension, concept in whole.context.items()
        if dimension in part.own
        and dimension not in TIMELESS
        and not (dimension == "fund" and _is_left_over(part, hierarchy))
        and hierarchy.is_within(concept, part.own[dimension])
        and not (dimension in whole.own and hierarchy.is_within(whole.own[dimension], concept))
    }
    whole.context = {d: c for d, c in whole.context.items() if d not in named}


def _is_left_over(part: DraftStatement, hierarchy: Hierarchy) -> bool:
    """Whether money was carried over or is carried forward: that it names its fund tells nothing of its whole."""
    spent = part.own.get("kind", _OUTLAY)
    return part.own.get("vintage") == CARRIED_OVER or not hierarchy.comparable(spent, _OUTLAY)


def settle_parts_outside_classes(drafts: Iterable[DraftStatement], hierarchy: Hierarchy) -> None:
    """Compare with nothing a part of a class under the name of one outside it, where all parts add up to the class.

    In 城乡社区支出9万元，其中环境卫生5万元，农村基础设施建设4万元, the last is not the class of another group that is
    called so.
    """
    amounts = _amounts_among(drafts)
    for at, whole in enumerate(amounts):
        outer = whole.own.get("function")
        near = amounts[at + 1 : at + 1 + _MOST_PARTS]
        behind = [d for d in near if d.sentence.paragraph is whole.sentence.paragraph]
        if outer is None or not behind or not _opens_list(whole, behind[0]):
            continue
        sizes = (n for n in range(1, len(behind) + 1) if add_up(behind[:n], whole))
        for part in behind[: next(sizes, 0)]:
            inner = part.own.get("function")
            if inner is not None and not hierarchy.comparable(outer, inner):
                part.compared = False


def _opens_list(whole: DraftStatement, part: DraftStatement) -> bool:
    """Whether a word such as 其中 stands before an amount, in its sentence and behind the amount before it."""
    tokens = part.sentence.tokens if part.sentence is not whole.sentence else whole.tokens_until(part.token)
    return any(t.sort == _LISTED and t.end <= part.token.start for t in tokens)


def settle_divided_amounts(drafts: Sequence[DraftStatement]) -> None:
    """Make amounts that add up to a class or a kind of expenditure right before them its parts.

    So they are in 农林水支出9万元：基本支出5万元，项目支出4万元, without a word such as 其中.
    """
    amounts = _amounts_among(drafts)
    for at, whole in enumerate(amounts):
        divided = whole.own.keys() & _DIVIDING
        parts: list[DraftStatement] = []
        for part in amounts[at + 1 : at + 1 + _MOST_PARTS] if divided else []:
            told = part.own.keys() & _DIVIDING
            if part.whole is not None or part.heading != whole.heading or not told or told & divided:
                break
            parts.append(part)
            if add_up(parts, whole):
                for each in parts:
                    each.whole = whole
                break


def find_readings(
    drafts: Sequence[DraftStatement], hierarchy: Hierarchy
) -> dict[DraftStatement, tuple[Mapping[str, str], ...]]:
    """Return what else each amount may be of, by its own words: without its heading, or with what is told before it.

    In 一般公共服务支出中基本支出5万元，项目支出4万元, the second amount is of the class as well.
    """
    found: dict[DraftStatement, tuple[Mapping[str, str], ...]] = {}
    amounts = [d for d in _amounts_among(drafts) if not d.counts]
    coordinates = [draft.coordinates(hierarchy) for draft in amounts]
    of_things = [{d: c for d, c in of_money(placed).items() if d != _LINE} for placed in coordinates]
    for at, draft in enumerate(amounts):
        around = {d: c for d, c in coordinates[at].items() if d in TIMELESS}
        near = range(max(at - _NEAR, 0), at)
        readings = [
            merge(around | of_things[n], draft.own, hierarchy) for n in near if amounts[n].heading == draft.heading
        ]
        readings += [{**around, **draft.own}] if draft.whole is None else []
        others = [reading for n, reading in enumerate(readings) if reading not in readings[:n]]
        found[draft] = tuple(reading for reading in others if reading != coordinates[at])
    return found


def _amounts_among(drafts: Iterable[DraftStatement]) -> list[DraftStatement]:
    """The amounts of their own: no changes, shares, or figures that have the coordinates of another one."""
    return [d for d in drafts if d.measure == AMOUNT and d.owner is d]
