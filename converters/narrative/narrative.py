"""The narrative of a disclosure: sentences, their claims, and the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from converters.cube.sums import Sum
from converters.entities.disclosure_context import DisclosureContext
from converters.entities.named_entities import Entity
from converters.entities.organisations import DEPARTMENT
from converters.model.document import Document, Issue
from converters.model.observation import Observation
from converters.narrative.arithmetic.averages import load_average_words
from converters.narrative.arithmetic.calculation_laws import find_calculations
from converters.narrative.arithmetic.calculations import ExpectedFigure, expected_figure
from converters.narrative.arithmetic.exclusive_names import load_exclusive_names
from converters.narrative.arithmetic.list_totals import ListTotals, list_sums
from converters.narrative.arithmetic.printed_sums import ListWords, find_printed_sums
from converters.narrative.arithmetic.stated_totals import (
    TotalWords,
    find_stated_differences,
    find_stated_totals,
    settle_stated_totals,
    total_sums,
)
from converters.narrative.glossary import GlossaryEntry, read_glossary
from converters.narrative.named_entries import (
    NamedEntries,
    class_words,
    organisation_words,
    own_office_words,
    project_words,
)
from converters.narrative.paragraphs import Paragraph, Sentence, read_paragraphs, read_sentences
from converters.narrative.sentence_reading import SentenceReader
from converters.narrative.settling.carried_money import settle_carried_money
from converters.narrative.settling.doubtful_wholes import (
    settle_divisions_by_year,
    settle_doubtful_wholes,
    settle_exceeded_wholes,
    settle_lists_of_this_year,
    settle_named_parts,
)
from converters.narrative.settling.incomparable_amounts import (
    settle_adjusted_amounts,
    settle_amounts_of_units,
    settle_kinds_beside_their_classes,
    settle_money_left_out,
    settle_money_of_some_projects,
    settle_payment_plans,
    settle_projects_over_years,
)
from converters.narrative.settling.inherited_coordinates import (
    find_readings,
    settle_divided_amounts,
    settle_headings_of_parts,
    settle_parts_outside_classes,
)
from converters.narrative.statements.coordinate_assignment import (
    Assigned,
    CoordinateAssignment,
    find_list_sums,
    find_precision,
)
from converters.narrative.statements.counts import (
    settle_counts_of_other_things,
    settle_people_of_all_kinds,
)
from converters.narrative.statements.draft_statements import SHARE, DraftStatement
from converters.narrative.statements.implied_subjects import (
    settle_changes_of_other_things,
    settle_shares_behind_lists,
)
from converters.narrative.tokens import BUDGET, NUMBER, Lexicon
from ontology.locators import Locator
from ontology.narrative_words import Phrases, bare, load_phrases
from ontology.vocabulary import Vocabulary

_PHONE_DIGITS = 7
_LATER = ("code/phase/initial", "code/phase/final")


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """An observation of the text with the related observations, reason and purpose that its sentence gives.

    `share_total` are the coordinates of the total that the words of a share name and the text does not state,
    `budget_phases` the phases that the budget of a degree of completion may have, if the text does not state it.
    `open_dimensions` are the dimensions that the words of an amount leave open. A change of an amount that was compared
    with something else before is `also_change_of` it; its rate is `rate_of` the change. `said_against` is the figure
    that contradicts what the words `said` state of an outturn: that it is above or below its budget (`said_direction`).
    `expected` is what other figures of the paragraph make of this one. `readings` are coordinates that an amount may
    have instead of its own, if its words are read without their heading, or with what is told before them.
    """

    observation: Observation
    change_of: Observation | None = None
    change_from: Observation | None = None
    also_change_of: Observation | None = None
    rate_of: Observation | None = None
    reasons: tuple[Observation, ...] = ()
    explained: bool = False
    compared: bool = True
    compared_year: int | None = None
    compared_phase: str | None = None
    direction: str | None = None
    reason: str | None = None
    reason_direction: str | None = None
    purpose: str | None = None
    share_of: Observation | None = None
    share_in: Observation | None = None
    share_total: Mapping[str, str] | None = None
    budget_phases: frozenset[str] = frozenset()
    open_dimensions: frozenset[str] = frozenset()
    as_of: str | None = None
    said_against: Observation | None = None
    said: str | None = None
    said_direction: str | None = None
    expected: ExpectedFigure | None = None
    readings: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedSentence:
    """A published sentence; `figures` are (start, end, observations) for the figures in its text."""

    number: int
    text: str
    heading: str
    duty: bool
    locator: Locator
    figures: tuple[tuple[int, int, tuple[Observation, ...]], ...]


@dataclass(frozen=True)
class Narrative:
    """The claims of the running text; `entities` are entries of lists that no code list holds.

    `wordings` are the words around figures that are not understood, for those who keep the vocabulary.
    """

    sentences: tuple[PublishedSentence, ...] = ()
    statements: tuple[Statement, ...] = ()
    sums: tuple[Sum, ...] = ()
    explanations: tuple[GlossaryEntry, ...] = ()
    entities: tuple[Entity, ...] = ()
    issues: tuple[Issue, ...] = ()
    wordings: tuple[Issue, ...] = ()

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The observations in printed order."""
        return tuple(statement.observation for statement in self.statements)

    @property
    def compared(self) -> tuple[Observation, ...]:
        """The observations whose subject is known, which are compared with those of tables."""
        return tuple(statement.observation for statement in self.statements if statement.compared)


def read_narrative(document: Document, context: DisclosureContext) -> Narrative:
    """Read the running text of a document; what is withheld is among the issues."""
    phrases = load_phrases(context.vocabulary)
    names = class_words(context.class_names, phrases, context.vocabulary)
    names |= organisation_words(context.organisations, document.blocks, context.vocabulary)
    if context.level == DEPARTMENT:
        names = own_office_words(names, context.organisations, phrases) | names
    projects = {project.key: project.name for project in context.projects}
    names = project_words(projects, phrases.words.keys() | names.keys()) | names
    lexicon = Lexicon(phrases, context.vocabulary, context.year, names, context.phase, context.code_keys)
    entries = NamedEntries(projects, phrases, context.hierarchy)
    reader = SentenceReader(lexicon, context.hierarchy, entries)
    glossary: list[Paragraph] = []
    readable: list[tuple[Sentence, str, bool]] = []
    withheld: list[Issue] = []
    read: list[Sentence] = []
    sections: list[list[Sentence]] = [[]]
    for paragraph in read_paragraphs(document, lexicon):
        if paragraph.heading:
            reader.begin_section(paragraph)
            sections.append([])
            continue
        section = reader.sections.current
        sentences = read_sentences(paragraph, len(read) + 1)
        read += sentences
        sections[-1] += sentences
        private = [s for s in sentences if _tells_contact(s, phrases, context.vocabulary)]
        withheld += [Issue("contact-withheld", s.locator) for s in private]
        if "glossary" in section.signs and not private:
            glossary.append(paragraph)
        reader.begin_paragraph(paragraph)
        for sentence in sentences:
            if sentence not in private:
                reader.read(sentence)
                readable.append((sentence, section.text, "duties" in section.signs))
    settle_headings_of_parts(reader.builder.drafts, context.hierarchy)
    settle_parts_outside_classes(reader.builder.drafts, context.hierarchy)
    settle_divided_amounts(reader.builder.drafts)
    settle_doubtful_wholes(reader.enumerations.done, reader.builder.drafts)
    settle_exceeded_wholes(reader.enumerations.done, reader.builder.drafts)
    averages = load_average_words(context.vocabulary).words.values()
    settle_changes_of_other_things(reader.builder.drafts, [*chain.from_iterable(averages)], phrases.signs["yearly"])
    settle_shares_behind_lists(reader.builder.drafts)
    settle_lists_of_this_year(reader.enumerations.done, context.vocabulary.implied, context.hierarchy)
    settle_named_parts(reader.enumerations.done)
    settle_divisions_by_year(reader.enumerations.done, context.hierarchy)
    settle_people_of_all_kinds(reader.builder.drafts, context.hierarchy)
    settle_counts_of_other_things(reader.builder.drafts)
    settle_carried_money(reader.enumerations.done, context.vocabulary.implied, context.hierarchy)
    settle_kinds_beside_their_classes(reader.builder.drafts, context.vocabulary.concepts)
    settle_money_of_some_projects(reader.builder.drafts, context.hierarchy)
    settle_projects_over_years(reader.builder.drafts, phrases.signs["all-told"])
    settle_money_left_out(reader.builder.drafts, phrases.signs["left-out"])
    settle_payment_plans(reader.builder.drafts)
    settle_adjusted_amounts(reader.builder.drafts, phrases.signs["adjusted"])
    own_names = [*map(bare, context.organisations.names)]
    settle_amounts_of_units(reader.builder.drafts, reader.enumerations.done, own_names, phrases.signs["office-ending"])
    totals = find_stated_totals(reader.builder.drafts, TotalWords(phrases, context.vocabulary.numerals))
    settle_stated_totals(totals)
    totals += find_stated_differences(reader.builder.drafts, phrases)
    lists = ListTotals(reader.builder.drafts, entries, phrases)
    told = [sentence for sentence, _, _ in readable]
    exclusive = load_exclusive_names(context.vocabulary)
    lists.add(find_printed_sums(told, ListWords(phrases, exclusive, context.vocabulary.numerals)))
    lists.add_calculations(find_calculations(told, phrases, context.vocabulary))
    drafts = sorted([*reader.builder.drafts, *lists.added], key=lambda d: (d.sentence.number, d.number))
    assignment = CoordinateAssignment(reader.enumerations.done, find_precision(sections, phrases), context)
    assigned = assignment.assign(drafts)
    readings = find_readings(drafts, context.hierarchy)
    sums = [*find_list_sums(reader.enumerations.done, assigned, context, phrases), *total_sums(totals, assigned)]
    return Narrative(
        sentences=tuple(_published(readable, assigned)),
        statements=tuple(
            s
            for draft, observations in assigned.items()
            for s in _statements(draft, observations, assigned, context.year, assignment, readings.get(draft, ()))
        ),
        sums=(*sums, *list_sums(lists.totals, assigned, sums)),
        explanations=tuple(read_glossary(glossary, lexicon, context.hierarchy)),
        entities=tuple(entries.entities),
        issues=(*reader.builder.issues, *assignment.issues, *withheld),
        wordings=tuple(reader.builder.wordings),
    )


def _tells_contact(sentence: Sentence, phrases: Phrases, vocabulary: Vocabulary) -> bool:
    """Whether a sentence tells how to contact somebody, or has as many digits as a telephone number.

    A figure with a unit behind it, with thousands commas or with decimals is no telephone number.
    """
    labels = "|".join(map(re.escape, phrases.signs["contact"]))
    units = "|".join(map(re.escape, vocabulary.units))
    telling = re.search(rf"(?:{labels})(?:\([^)]*\))?(?!:?[\d,.]+(?:{units}))(?::|\d{{5}})", bare(sentence.text))
    return telling is not None or any(
        t.sort == NUMBER and len(t.text) >= _PHONE_DIGITS and t.text.isdigit() for t in sentence.tokens
    )


def _statements(
    draft: DraftStatement,
    observations: Sequence[Observation],
    assigned: Assigned,
    year: int,
    assignment: CoordinateAssignment,
    readings: Sequence[Mapping[str, str]],
) -> Iterator[Statement]:
    open_dimensions = assignment.open_dimensions(draft)
    for observation in observations:
        subject = _counterpart(draft.subject, observation, assigned)
        reasons = (_counterpart(reason, observation, assigned) for reason in draft.reasons)
        share = draft.measure == SHARE
        yield Statement(
            observation,
            change_of=None if share else subject,
            change_from=_counterpart(draft.base, observation, assigned),
            also_change_of=_counterpart(draft.again, observation, assigned),
            rate_of=_counterpart(draft.rate_of, observation, assigned),
            reasons=tuple(reason for reason in reasons if reason is not None),
            explained=draft.explained,
            compared=draft.compared,
            compared_year=_compared_year(draft, observation, year),
            compared_phase=draft.against[1] if draft.against is not None else None,
            direction="level" if draft.direction and not observation.amount else draft.direction,
            reason=draft.reason,
            reason_direction=draft.reason_direction,
            purpose=draft.purpose,
            share_of=subject if share else None,
            share_in=_counterpart(draft.reference, observation, assigned),
            share_total=draft.total if draft.reference is None and draft.compared else None,
            budget_phases=draft.budget_phases if draft.compared else frozenset(),
            open_dimensions=open_dimensions,
            as_of=draft.day,
            said_against=_counterpart(draft.said_against, observation, assigned),
            said=draft.said,
            said_direction=draft.said_direction,
            expected=_expected(draft, observation),
            readings=tuple(assignment.complete(reading, observation.coordinates["flow"]) for reading in readings),
        )


def _expected(draft: DraftStatement, observation: Observation) -> ExpectedFigure | None:
    """What other figures make of an observation."""
    return expected_figure(draft.calculation, observation.amount or Decimal(0)) if draft.calculation else None


def _compared_year(draft: DraftStatement, observation: Observation, year: int) -> int | None:
    """The year that a change is counted from; None if another phase of the same year is named.

    The budget of the `year` of the disclosure is compared with no initial budget or outturn of that year: it is a slip.
    """
    comparison, phase = draft.comparison, observation.coordinates["phase"]
    if comparison is None or comparison.year is None:
        return None
    other_phase = comparison.phase is not None and comparison.phase != phase
    budgeted = phase == BUDGET and observation.coordinates["year"] == str(year)
    beside = other_phase and not (budgeted and comparison.phase in _LATER)
    return None if beside and str(comparison.year) == observation.coordinates["year"] else comparison.year


def _counterpart(draft: DraftStatement | None, observation: Observation, assigned: Assigned) -> Observation | None:
    """The observation of a draft with the same flow."""
    flow = observation.coordinates["flow"]
    return next((o for o in assigned.get(draft, ()) if o.coordinates["flow"] == flow), None) if draft else None


def _published(readable: Iterable[tuple[Sentence, str, bool]], assigned: Assigned) -> Iterator[PublishedSentence]:
    """Yield the sentences with claims and those that state duties."""
    claims: dict[int, dict[tuple[int, int], tuple[Observation, ...]]] = {}
    for draft, observations in assigned.items():
        claims.setdefault(draft.sentence.number, {})[draft.token.start, draft.token.end] = observations
    for sentence, heading, duty in readable:
        figures: Mapping[tuple[int, int], tuple[Observation, ...]] = claims.get(sentence.number, {})
        if figures or duty:
            at = sentence.start
            marked = tuple((begin - at, end - at, found) for (begin, end), found in sorted(figures.items()))
            yield PublishedSentence(sentence.number, sentence.text, heading, duty, sentence.locator, marked)
