"""Amounts of the text that are not what their words are usually placed at, so that no table is compared with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import takewhile

from converters.model.hierarchy import Hierarchy
from converters.narrative.statements.counts import names_offices
from converters.narrative.statements.draft_statements import AMOUNT, DraftStatement, Enumeration
from converters.narrative.statements.figure_roles import value_of
from converters.narrative.statements.unplaced_subjects import EVALUATED
from converters.narrative.tokens import FIGURES, PERFORMANCE, UNKNOWN
from ontology.concepts import Concept
from ontology.narrative_words import bare

_CLAUSE_ENDS = FIGURES | {"comma", "semicolon", "colon", "stop", "open", "close", "enumeration"}
_PAYMENT_PLAN = "payment-plan"
_UNIT_ENDS = frozenset({"semicolon", "stop", "close"})


def settle_kinds_beside_their_classes(drafts: Sequence[DraftStatement], concepts: Mapping[str, Concept]) -> None:
    """Compare with nothing the amount of a kind of outlay beside which a class inside that kind is told apart.

    In 支出100万元，其中人员支出60万元、公用支出20万元、对个人和家庭的补助5万元、项目支出15万元, the 60万元 are not all
    personnel funds, wherever the text tells of them. They are where the classes told add up to them.
    """
    together: dict[DraftStatement | int, list[DraftStatement]] = defaultdict(list)
    for draft in drafts:
        if draft.measure == AMOUNT and draft.owner is draft:
            together[draft.whole or draft.sentence.number].append(draft)
    narrowed = {
        (entry.own["kind"], value_of(entry))
        for entries in together.values()
        for entry in entries
        if "kind" in entry.own and _is_narrowed(entry, entries, concepts)
    }
    for draft in drafts:
        if draft.measure == AMOUNT and (draft.own.get("kind"), value_of(draft)) in narrowed:
            draft.compared = False


def _is_narrowed(entry: DraftStatement, entries: Iterable[DraftStatement], concepts: Mapping[str, Concept]) -> bool:
    """Whether classes of the kind of an entry are told beside it, and do not add up to it."""
    classes = [(other, concepts.get(other.own.get("economic", ""))) for other in entries if "kind" not in other.own]
    inside = [other for other, concept in classes if concept is not None and concept.inside_kind == entry.own["kind"]]
    return bool(inside) and sum(map(value_of, inside), Decimal(0)) != value_of(entry)


def settle_adjusted_amounts(drafts: Iterable[DraftStatement], signs: Sequence[str]) -> None:
    """Compare with nothing the amounts behind words that take something out of them (`signs`), up to a semicolon.

    若剔除政府性基金10万元，财政拨款支出为90万元 tells another amount than the tables do.
    """
    for draft in drafts:
        if draft.measure != AMOUNT or draft.owner is not draft:
            continue
        said = bare(draft.sentence.text_since_semicolon(draft.token))
        if any(sign in said for sign in signs):
            draft.compared = False


def settle_payment_plans(drafts: Iterable[DraftStatement]) -> None:
    """Compare with nothing plans of payments whose words do not tell which money they plan: 全年用款计划90万元.

    What is carried over, and money of other sources, need not be planned.
    """
    for draft in drafts:
        if draft.measure != AMOUNT or draft.owner is not draft or not {"fund", "period"}.isdisjoint(draft.own):
            continue
        before = reversed([t for t in draft.sentence.tokens if t.end <= draft.token.start])
        clause = takewhile(lambda t: t.sort not in _CLAUSE_ENDS, before)
        if any(t.word is not None and t.word.name == _PAYMENT_PLAN for t in clause):
            draft.compared = False


def settle_money_of_some_projects(drafts: Iterable[DraftStatement], hierarchy: Hierarchy) -> None:
    """Compare with nothing money whose use was evaluated, and the parts of that of some projects with goals."""
    for draft in drafts:
        scope = draft.coordinates(hierarchy).get("scope") if draft.owner is draft else None
        some = draft.whole is not None and not draft.whole.compared
        if scope == EVALUATED or (scope == PERFORMANCE and some):
            draft.compared = False


def settle_money_left_out(drafts: Iterable[DraftStatement], signs: Sequence[str]) -> None:
    """Compare with nothing the amounts of a sentence that says of them that they are in no table (`signs`).

    In 本年收入60万元（由主管部门核算，未纳入本部门决算报表）, they are told for information. A reason may say so of
    other money: 比上年增加9万元，主要原因是上年的资金未纳入部门决算.
    """
    by_sentence: dict[int, list[DraftStatement]] = defaultdict(list)
    for draft in drafts:
        by_sentence[draft.sentence.number].append(draft)
    for told in by_sentence.values():
        sentence = told[0].sentence
        end = next((t.start for t in sentence.tokens if t.sort == "because"), sentence.tokens[-1].end)
        said = bare(sentence.paragraph.text[sentence.start : end])
        if any(sign in said for sign in signs):
            for draft in told:
                draft.compared = False


def settle_amounts_of_units(
    drafts: Iterable[DraftStatement], lists: Iterable[Enumeration], own: Sequence[str], endings: tuple[str, ...]
) -> None:
    """Compare with nothing the amounts behind one of a unit whose name only text holds, up to a semicolon.

    In 水库管理所支出90万元，人员经费60万元，公用经费30万元, all are of the unit, and no part of the department's list.
    `own` are the names of the department, `endings` what names of offices end with.
    """
    unit: DraftStatement | None = None
    of_units: set[DraftStatement] = set()
    for draft in drafts:
        if draft.owner is not draft:
            continue
        if unit is not None and (
            draft.sentence is not unit.sentence or any(t.sort in _UNIT_ENDS for t in unit.tokens_until(draft.token))
        ):
            unit = None
        if draft.measure == AMOUNT and _names_unit(draft, own, endings):
            unit = draft
        elif unit is not None:
            draft.compared = False
            of_units.add(draft)
    for enumeration in lists:
        if not of_units.isdisjoint(enumeration.parts):
            enumeration.broken = True


def _names_unit(draft: DraftStatement, own: Sequence[str], endings: tuple[str, ...]) -> bool:
    """Whether words before a figure name an office that is not understood, or subordinate ones, and not the own."""
    before = [t for t in draft.sentence.tokens if t.end <= draft.token.start]
    begin = next((at for at in range(len(before), 0, -1) if before[at - 1].sort in _CLAUSE_ENDS), 0)
    words = before[begin:]
    naming = [at for at, token in enumerate(words) if token.sort == UNKNOWN or (at and names_offices(token))]
    if not naming:
        return False
    last = naming[-1]
    text = draft.sentence.paragraph.text
    ends = (words[last].end, *(t.end for t in words[last + 1 : last + 2]))
    names = [name for end in ends if (name := bare(text[words[0].start : end])).endswith(endings)]
    return bool(names) and not any(name.endswith(names[-1]) for name in own)


def settle_projects_over_years(drafts: Sequence[DraftStatement], all_told: Sequence[str]) -> None:
    """Compare with nothing what a project costs over the years.

    It is called a total (信息化项目预算总额90万元), or the same sentence has another amount of the project for a year:
    信息化项目预算90万元，2024年安排30万元.
    """
    stated = [d for d in drafts if d.measure == AMOUNT and "project" in d.own and "year" not in d.own]
    for draft in stated:
        tokens = [t for t in draft.sentence.tokens if t.end <= draft.token.start]
        begin = max((t.end for t in tokens if t.sort in _CLAUSE_ENDS), default=draft.sentence.start)
        said = bare(draft.sentence.paragraph.text[begin : draft.token.start])
        beside = (d for d in drafts if d.sentence is draft.sentence and d.own.get("project") == draft.own["project"])
        dated = any(d.measure == AMOUNT and "year" in d.own and value_of(d) < value_of(draft) for d in beside)
        if dated or any(sign in said for sign in all_told):
            draft.compared = False
