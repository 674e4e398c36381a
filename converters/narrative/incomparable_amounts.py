"""Amounts of the text that are not what their words are usually placed at, so that no table is compared with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from converters.narrative.statements.draft_statements import AMOUNT, DraftStatement
from converters.narrative.statements.figure_roles import value_of
from ontology.concepts import Concept
from ontology.narrative_words import bare


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
