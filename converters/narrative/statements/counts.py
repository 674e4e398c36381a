"""Numbers of people and things: whether a unit fits what is counted, and which kind of people a number is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, takewhile

from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.draft_statements import DraftStatement
from converters.narrative.tokens import FIGURES, UNKNOWN, Token
from ontology.narrative_words import NOUN, Word

ESTABLISHMENT, HEAD_COUNT, QUOTA, UNITS = "def#establishment", "def#headCount", "def#quota", "def#units"
VEHICLES, AREA = "def#vehicles", "def#area"
_SINGLE = "code/unit/item"
STAFF, _RETIREES = "code/line/staff", "code/line/retirees"
_LINE = "line"
_CLAUSE_ENDS = FIGURES | {"comma", "semicolon", "colon", "stop", "open", "enumeration"}


def fits_unit(measure: str, unit: str | None, base_units: Mapping[str, str]) -> bool:
    """Whether a measure can be counted in a unit: people are not counted in vehicles, but both one by one.

    Offices are only counted one by one: 机关3辆 is a number of vehicles.
    """
    if measure == UNITS:
        return unit in (None, _SINGLE)
    return len({unit, base_units.get(measure, _SINGLE)} - {_SINGLE}) < 2


def is_of_all(coordinates: Mapping[str, str], whole: DraftStatement, hierarchy: Hierarchy) -> bool:
    """Whether a number names all that a whole is of, so that it is no part of it: 编制42人，其中……；在职38人."""
    line, around = coordinates.get(_LINE), whole.coordinates(hierarchy).get(_LINE)
    return line is not None and around is not None and hierarchy.is_within(around, line)


def kind_before(
    token: Token,
    measure: str | None,
    coordinates: Mapping[str, str],
    drafts: Sequence[DraftStatement],
    hierarchy: Hierarchy,
) -> DraftStatement | None:
    """Return the number of posts of a kind that a number of people behind it fills: 行政编制12人、在职11人.

    Behind a list of several kinds, the people are all of them: 行政编制12人、事业编制30人，在职38人.
    """
    if measure != HEAD_COUNT or not drafts:
        return None
    before, line = drafts[-1], coordinates.get(_LINE)
    between = before.tokens_until(token)
    if any(t.sort in ("semicolon", "close", "stop") for t in between) or not between:
        return None
    if not _is_narrower(before, line, hierarchy) or before.token.unit != token.unit:
        return None
    earlier = [d for d in drafts[-2:-1] if d.sentence is before.sentence and not d.filling]
    return None if any(_is_narrower(d, line, hierarchy) for d in earlier) else before


def settle_people_of_all_kinds(drafts: Sequence[DraftStatement], hierarchy: Hierarchy) -> None:
    """Compare no number of people that may be of staff and retired people together; it is of no kind of people.

    In 在职人员40人，离退休人员12人，其他人员3人。实有人员55人, the last number is of all of them, though the same words
    often name the staff alone; in 实有人数55人，其中在职40人、退休15人, it is the first.
    """
    people = (d for d in drafts if d.measure == HEAD_COUNT and (d.compared or _is_part_of_people(d)))
    for _, beside in groupby(people, key=lambda d: id(d.sentence.paragraph)):
        lines = [(d, d.coordinates(hierarchy).get(_LINE, "")) for d in beside]
        staff = [d for d, line in lines if line == STAFF]
        if not staff or not any(line and hierarchy.is_within(line, _RETIREES) for _, line in lines):
            continue
        fewest = min(staff, key=lambda d: d.token.amount or 0)
        for draft in staff:
            draft.compared = draft.label == fewest.label or draft.token.amount == fewest.token.amount
            if not draft.compared:
                draft.own = {d: c for d, c in draft.own.items() if d != _LINE}


def _is_part_of_people(draft: DraftStatement) -> bool:
    """Whether a number of people is a part of another number of people."""
    return draft.whole is not None and draft.whole.measure == HEAD_COUNT and draft.whole.compared


def settle_counts_of_other_things(drafts: Sequence[DraftStatement]) -> None:
    """Compare numbers of vehicles and areas of rooms only where the same are counted.

    The vehicles that appropriations pay for (公务用车保有量, or any below the heading of 三公经费) are often only some
    of all vehicles, and offices (办公用房) only some of the rooms; of different numbers, the greatest stays compared,
    with the kinds that its list names.
    """
    for measure in (VEHICLES, AREA):
        counted = [d for d in drafts if d.measure == measure and d.compared and "line" not in d.own and d.whole is None]
        for scope in {d.own.get("scope") for d in counted}:
            alike = [d for d in counted if d.own.get("scope") == scope]
            most = max(alike, key=lambda d: d.token.amount or 0)
            for draft in alike:
                same = (draft.label, draft.scope_around) == (most.label, most.scope_around)
                draft.compared = same or draft.token.amount == most.token.amount
        for draft in drafts:
            if draft.measure == measure and draft.whole is not None:
                draft.compared = draft.compared and draft.whole.compared


def names_posts(label: str, words: Mapping[str, Word]) -> bool:
    """Whether a label ends with a word for posts, as 行政编制 does and 行政人员 does not."""
    return any(word.measure == ESTABLISHMENT and label.endswith(name) for name, word in words.items())


def names_offices(token: Token) -> bool:
    """Whether a noun is for offices of a kind, as 事业单位 is."""
    return token.sort == NOUN and token.word is not None and token.word.measure == UNITS


def is_qualified(nouns: Sequence[Token], tokens: Sequence[Token], particles: Sequence[str]) -> bool:
    """Whether a particle joins other words than those for the office to a noun: 由财政拨款开支的离退休人员."""
    before = [t for t in tokens if nouns and t.end <= nouns[0].start]
    clause = [*takewhile(lambda t: t.sort not in _CLAUSE_ENDS, reversed(before))]
    joined = bool(clause) and clause[0].text in particles
    return joined and any(t.sort == UNKNOWN or (t.word is not None and t.word.meanings) for t in clause[1:])


def _is_narrower(draft: DraftStatement, line: str | None, hierarchy: Hierarchy) -> bool:
    own = draft.coordinates(hierarchy).get(_LINE)
    return line is not None and own is not None and own != line and hierarchy.is_within(own, line)
