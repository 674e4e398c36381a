"""What the words of running text refer to among the statements before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from converters.model.hierarchy import Hierarchy
from converters.narrative.paragraphs import Paragraph
from converters.narrative.statements.draft_statements import AMOUNT, CHANGES, DraftStatement, StatedComparison
from converters.narrative.subject_coordinates import NAMING, merge, of_money
from converters.narrative.tokens import BUDGET, CARRIED_OVER, Lexicon

_UNREVISED = frozenset({BUDGET, "code/phase/initial"})
_EXPENDITURE = "code/flow/expenditure"
_OUTLAY = "code/kind/this-year"
_THIS_YEAR = 2
"""The depth of the kinds of outlay that an amount without a kind may be of: all outlay, or that of this year."""
_REVISED = frozenset({"code/phase/full-year", "code/phase/adjusted"})


class Antecedents:
    """The statements of one document in their order, and look-ups among them."""

    def __init__(self, lexicon: Lexicon, hierarchy: Hierarchy) -> None:
        self._lexicon, self._hierarchy = lexicon, hierarchy
        self.drafts: list[DraftStatement] = []
        self._section_begins = 0

    def begin_section(self) -> None:
        """Mark the beginning of a section."""
        self._section_begins = len(self.drafts)

    @property
    def of_section(self) -> list[DraftStatement]:
        """The statements of the present section."""
        return self.drafts[self._section_begins :]

    def is_named(self, draft: DraftStatement, words: Mapping[str, str]) -> bool:
        """Whether words name a statement: by its own name, or by something wider that holds it.

        公务用车费 does not name a statement about 公务用车运行费, which is only a part of it; nor does 基本支出, itself
        a part, name one about 支出, nor 支出 one about 年末结转.
        """
        coordinates = draft.coordinates(self._hierarchy)
        if "flow" in words and words.keys().isdisjoint(("kind", "vintage")) and self.is_left_over(draft):
            return False
        return all(
            coordinates.get(d) == c
            if d in NAMING
            else self._hierarchy.is_within(coordinates[d], c)
            if d in coordinates
            else d != "kind" or len(self._hierarchy.line(c)) <= _THIS_YEAR
            for d, c in words.items()
        )

    def is_left_over(self, draft: DraftStatement) -> bool:
        """Whether an amount was carried over or is carried forward, and is no revenue or expenditure of the year."""
        coordinates = draft.coordinates(self._hierarchy)
        spent = coordinates.get("kind", _OUTLAY)
        return coordinates.get("vintage") == CARRIED_OVER or not (
            self._hierarchy.is_within(spent, _OUTLAY) or self._hierarchy.is_within(_OUTLAY, spent)
        )

    def find(
        self, words: Mapping[str, str], context: Mapping[str, str], paragraph: Paragraph, hidden: bool
    ) -> DraftStatement | None:
        """Return the latest amount that words refer to, by phase in this paragraph or by equal coordinates.

        Years and phases that the words leave open are those of the disclosure. If `hidden`, the subject of the
        paragraph is not known, and its words refer to nothing outside it.
        """
        in_context = merge(context, words, self._hierarchy)
        step = words.keys() == {"phase"}
        for draft in self._amounts(0):
            stands = draft.coordinates(self._hierarchy)
            near = draft.sentence.paragraph is paragraph
            if hidden and not near:
                return None
            if stands in (in_context, words) or (step and near and stands.items() >= words.items()):
                return draft
            if near and not step and self._is_current(stands, in_context, words):
                return draft
        return None

    def _is_current(self, stands: Mapping[str, str], in_context: Mapping[str, str], words: Mapping[str, str]) -> bool:
        """Whether coordinates are those of words in everything but the year and phase of the disclosure."""
        if not any(dimension in NAMING for dimension in words) or of_money(stands) != of_money(in_context):
            return False
        usual = {"year": str(self._lexicon.year), "phase": self._lexicon.phase}
        return all(stands.get(d, usual[d]) == in_context.get(d, usual[d]) for d in usual)

    def part_with_name(self, whole: DraftStatement, name: str) -> DraftStatement | None:
        """Return the part of an amount that was stated under exactly this name, if any; its own name is no part."""
        if not name or name == whole.label:
            return None
        parts = (draft for draft in self._amounts(self._section_begins) if draft.whole is whole)
        return next((part for part in parts if part.label == name), None)

    def whole_of(self, words: Mapping[str, str], context: Mapping[str, str]) -> DraftStatement | None:
        """Return the latest amount of the section at the coordinates of these words, of any phase and year."""
        wanted = of_money(merge(context, words, self._hierarchy))
        for draft in self._amounts(self._section_begins):
            flow = {"flow": words["flow"]} if draft.both and "flow" in words else {}
            if of_money(draft.coordinates(self._hierarchy) | flow) == wanted:
                return draft
        return None

    def restated_by(self, draft: DraftStatement) -> DraftStatement | None:
        """Return the amount of the latest year that an amount of an earlier year was stated beside, if any.

        Of the outturn and the budget of that year, this is the one that the disclosure is about.
        """
        coordinates = draft.coordinates(self._hierarchy)
        year = coordinates.get("year")
        if year is None or int(year) >= self._lexicon.year:
            return None
        later = [other for other in self._beside(draft) if self._placed(other)["year"] > year]
        phase = self._lexicon.phase
        return max(later, key=lambda o: (int(self._placed(o)["year"]), self.is_of_phase(o, phase)), default=None)

    def restated_whole(self, part: DraftStatement, told: Mapping[str, str]) -> DraftStatement:
        """Return the whole of a list that an amount behind it restates in another phase, year or flow, else the entry.

        The entry is restated if it names by itself what the words change, and neither if the whole has it already.
        """
        whole = part.whole
        if whole is None or whole.sentence is not part.sentence or whole.counts:
            return part
        around, entry = whole.coordinates(self._hierarchy), part.coordinates(self._hierarchy)
        turned = "flow" in told and entry.get("flow", told["flow"]) != told["flow"]
        changed = any(around.get(d) != c for d, c in told.items())
        named = told.keys() & part.own.keys()
        return self.restated_whole(whole, told) if changed and (turned or not named) else part

    def principal(self, draft: DraftStatement) -> DraftStatement | None:
        """Return the amount of the disclosure's year and phase that one of another year or phase was stated beside.

        Beside an amount of an earlier year, this is that of the latest year.
        """
        usual = {"year": str(self._lexicon.year), "phase": self._lexicon.phase}
        if draft.counts or self._placed(draft).items() >= usual.items():
            return None
        return self.restated_by(draft) or self.beside(draft, usual)

    def earlier_amount(
        self, subject: DraftStatement, latest: DraftStatement, against: StatedComparison | None
    ) -> DraftStatement | None:
        """Return the amount that a change of the latest year of a sentence is counted from.

        This is the one with the year and phase compared with; where none is named, the only other amount.
        """
        if against is not None and against[0] is not None:
            return self.counted_from(subject, against)[1]
        if against is not None and against[1] is not None:
            return self.beside(subject, {"phase": against[1]})
        return latest if len(self._beside(subject)) == 1 else None

    def beside(self, draft: DraftStatement, words: Mapping[str, str]) -> DraftStatement | None:
        """Return the only amount of the same money in the same sentence that has this year and phase, if any."""
        found = [other for other in self._beside(draft) if self._placed(other).items() >= words.items()]
        return found[0] if len(found) == 1 else None

    def is_of_phase(self, draft: DraftStatement, phase: str) -> bool:
        """Whether an amount is of a phase, that of the disclosure where its words leave it open."""
        return self._placed(draft)["phase"] == phase

    def is_carried_out(self, budget: DraftStatement, words: Mapping[str, str]) -> bool:
        """Whether words for no more than a flow tell what became of a budget: 三公经费预算8万元，支出7万元.

        What the budget leaves open may be expenditure. 收入预算8万元，支出8万元 states two budgets.
        """
        told = budget.coordinates(self._hierarchy)
        flow = words.get("flow")
        planned = budget.measure == AMOUNT and told.get("phase") in _UNREVISED | _REVISED
        return (
            planned
            and flow is not None
            and words.keys() <= {"flow", "year"}
            and not budget.both
            and flow == told.get("flow", _EXPENDITURE)
        )

    def carried_out(
        self, amount: DraftStatement, words: Mapping[str, str]
    ) -> tuple[DraftStatement, DraftStatement | None]:
        """Return the outturn and the budget that a degree of completion behind an amount is about.

        The budget is the amount of the same money and year in this sentence, else in this paragraph, with the phase
        that the words name if they name one. Where the amount is itself the budget, the outturn is the other one.
        """
        own = self._placed(amount)
        near = [d for d in self._stated_again(amount) if self._placed(d)["year"] == own["year"]]
        beside = [d for d in near if d.sentence is amount.sentence] or near
        phases = self.budget_phases(words) if "phase" in words else {None}
        budgets = [d for d in beside if "phase" not in words or self._placed(d)["phase"] in phases]
        if len(beside) == 1 and (own["phase"] in phases | _UNREVISED or self._is_plan_of(amount, beside[0], words)):
            return beside[0], amount
        return amount, budgets[0] if len(budgets) == 1 else None

    def _is_plan_of(self, amount: DraftStatement, other: DraftStatement, words: Mapping[str, str]) -> bool:
        """Whether an amount is a revised budget and the other an outturn, where the words name no budget.

        Such are 支出16万元，全年预算17万元，完成94%.
        """
        planned = _UNREVISED | _REVISED
        one, two = self._placed(amount)["phase"], self._placed(other)["phase"]
        return "phase" not in words and one in planned and two not in planned

    def budgets_of(self, outturn: DraftStatement, phases: frozenset[str]) -> list[DraftStatement]:
        """Return the amounts of the same money and year in the paragraph that have one of these phases."""
        year = self._placed(outturn)["year"]
        placed = ((d, self._placed(d)) for d in self._stated_again(outturn))
        return [d for d, stands in placed if stands["year"] == year and stands["phase"] in phases]

    def budget_phases(self, words: Mapping[str, str]) -> frozenset[str]:
        """Return the phases that a table may print the named budget in; 预算 may be the initial or a revised one."""
        phase = words.get("phase", BUDGET)
        if phase == BUDGET:
            return _UNREVISED | _REVISED
        return _UNREVISED if phase in _UNREVISED else frozenset({phase})

    def _beside(self, draft: DraftStatement) -> list[DraftStatement]:
        """The amounts of the same money in the same sentence, in another year or phase, the latest first."""
        own = of_money(self._placed(draft))
        again = self._stated_again(draft)
        return [d for d in again if d.sentence is draft.sentence and of_money(self._placed(d)) == own]

    def _stated_again(self, draft: DraftStatement) -> list[DraftStatement]:
        """The amounts of the same money in the same paragraph, in another year or phase, the latest first.

        The flow may be left to the name of one of them: 项目支出年初预算, 支出决算.
        """
        own = self._placed(draft)
        return [
            other
            for other in self._amounts(self._section_begins)
            if other.sentence.paragraph is draft.sentence.paragraph
            and other is not draft
            and _is_same_money(self._placed(other), own)
            and any(self._placed(other)[dimension] != own[dimension] for dimension in ("year", "phase"))
        ]

    def is_compared_again(self, draft: DraftStatement, subject: DraftStatement) -> bool:
        """Whether a change is against something else than the changes of its subject before it.

        In 比年初预算减少10万元；比上年增长3%, change and rate do not belong together. Where only one of two comparisons
        names a phase, they may differ, unless the other refers to it: 比上年执行数增加10万元，同比增长3%.
        """
        before = [d for d in self.drafts if d.subject is subject and d.measure in CHANGES]
        first = next((d.against for d in before if d.against is not None), None)
        if first is None or draft.against is None:
            return False
        (year, phase), (other_year, other_phase) = first, draft.against
        if year == other_year and phase != other_phase and None in (phase, other_phase):
            return phase is None or any(d.measure == draft.measure for d in before)
        return year != other_year or phase != other_phase

    def counted_from(
        self, subject: DraftStatement, against: StatedComparison
    ) -> tuple[DraftStatement, DraftStatement | None]:
        """Return what a change is about, and the amount of its sentence that has the year and phase compared with.

        In 2023年执行数为90万元，2024年预算100万元，比2023年执行数增长11%, this is the first amount. Where the amount
        before the change has itself the year and phase compared with, the change is that of the other amount of the
        sentence: 决算数8万元，预算数10万元，比预算数减少2万元.
        """
        year, phase = against
        own = self._placed(subject)
        wanted = {"year": own["year"] if year is None else str(year)} | ({"phase": phase} if phase is not None else {})
        beside = self._beside(subject)
        if phase is not None and own.items() >= wanted.items():
            return (beside[0], subject) if len(beside) == 1 else (subject, None)
        bases = [draft for draft in beside if self._placed(draft).items() >= wanted.items()]
        return subject, bases[0] if len(bases) == 1 else None

    def _placed(self, draft: DraftStatement) -> dict[str, str]:
        """The coordinates of a statement, with the year and phase of the disclosure where its words leave them open."""
        usual = {"year": str(self._lexicon.year), "phase": self._lexicon.phase}
        return usual | draft.coordinates(self._hierarchy)

    def _amounts(self, begin: int) -> Iterator[DraftStatement]:
        """Amounts with a subject, the latest first."""
        return (draft for draft in reversed(self.drafts[begin:]) if draft.measure == AMOUNT)


def _is_same_money(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether coordinates differ in year and phase only, or in a flow that one of them leaves open."""
    differing = of_money(one).items() ^ of_money(other).items()
    return not differing or [d for d, _ in differing] == ["flow"]
