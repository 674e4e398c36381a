"""SHACL message templates: `{?left}` becomes a cell with its figure, `{?difference}` an amount of money."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ontology.locators import Locator, locator_to_text, locator_to_words
from ontology.messages import fill
from ontology.numbers import decimal_to_text, number_like
from shapes.graph_reader import GraphReader, ReportedCell, natural_order
from shapes.rules import load_finding_phrases

_SLOT = re.compile(r"\{[?$](\w+)\}")
_FIGURES = ("difference", "sum")
_NETS = ("net",)
_COUNTS = ("excess",)
_PERCENTAGES = ("percent", "growth")
_NUMBERS = (*_FIGURES, *_NETS, *_COUNTS, *_PERCENTAGES)
_FAR = 1000
"""From how many percent on a computed share or rate is more likely one of two amounts in different units."""
_TIMES = 10
_MOST_PARTS = 8
_MOST_PLACES = 4
_INNER_MARKS = str.maketrans("“”", "‘’")


@dataclass(frozen=True, slots=True)
class MessageContext:
    """The values for a template: the bindings of the SELECT, and the cells compared (`parts` of a sum)."""

    facts: GraphReader
    bindings: Mapping[str, str]
    cells: Sequence[ReportedCell]
    parts: Sequence[ReportedCell]

    def fill(self, template: str, language: str) -> str:
        """Fill every slot of a template; a slot without a value becomes empty."""
        filled = _SLOT.sub(lambda slot: self._slot(slot[1], language), template)
        return filled[:1].upper() + filled[1:]

    def _slot(self, name: str, language: str) -> str:
        if name == "parts":
            return self._parts_phrase(language)
        if name == "places":
            return self._places_phrase(language)
        if name == "recurring":
            return self._recurring_phrase(language) if len(self.parts) > 1 else ""
        if name == "times":
            return _phrase("times", language, count=len(self.parts)) if len(self.parts) > 1 else ""
        if name == "tables":
            return self._tables_phrase(language)
        if name == "namings":
            namings = (_naming_phrase(part, self.facts, language) for part in self.parts)
            return _phrase("part-separator", language).join(namings)
        bound = self.bindings.get(name, "")
        if name in _NUMBERS:
            return self._number_phrase(name, Decimal(bound), language)
        cell = self.facts.cell(bound)
        if cell is not None:
            return _cell_phrase(cell, self.facts, language)
        places = (cell.operand.place for cell in self.cells if cell.source == bound)
        source = _source_phrase(bound, next(places, self.facts.place(bound)), self.facts, language)
        if source is not None:
            return source
        return self.facts.label(bound, language) or _inside_quotes(bound)

    def _recurring_phrase(self, language: str) -> str:
        """Return how often a mistake recurs, and where."""
        return _phrase("recurring", language, places=self._places_phrase(language), count=len(self.parts))

    def _places_phrase(self, language: str) -> str:
        """Return the places of the parts, each once, as many as a message can hold; the text if none is known."""
        places = (locator_to_text(part.operand.place, language) for part in self.parts)
        shown = list(dict.fromkeys(place for place in places if place)) or [_phrase("text", language)]
        listed = _phrase("part-separator", language).join(shown[:_MOST_PLACES])
        return listed if len(shown) <= _MOST_PLACES else _phrase("parts-more", language, parts=listed)

    def _tables_phrase(self, language: str) -> str:
        """Return which tables figures of the text contradict; nothing if it is one, which the message names already."""
        numbers = (self.facts.table_number(table) for table in self.bindings.get("tables", "").split())
        known = sorted({number for number in numbers if number is not None}, key=natural_order)
        if len(known) < 2:
            return ""
        shown = (_phrase("table", language, table=number) for number in known)
        return _phrase("tables", language, tables=_phrase("part-separator", language).join(shown))

    def _number_phrase(self, name: str, number: Decimal, language: str) -> str:
        """Return a computed number in the form of its slot: an amount, a change, a count, a share or a rate."""
        if name in _FIGURES:
            return self._figure_phrase(number, language)
        if name in _NETS:
            return self._net_phrase(number, language)
        if name in _COUNTS:
            return decimal_to_text(number)
        percentage = self._percentage_phrase(abs(number), language)
        if name == "percent":
            return percentage
        return _phrase("growth-fall" if number < 0 else "growth-rise", language, percentage=percentage)

    def _percentage_phrase(self, percent: Decimal, language: str) -> str:
        """Return a computed percentage, with a word about units if it is far above a hundred and the printed one."""
        percentage = _phrase("percentage", language, number=f"{percent:.2f}")
        printed = abs(Decimal(self.cells[0].operand.amount or 0)) if self.cells else percent
        far = percent >= _FAR and percent > _TIMES * printed
        return _phrase("percentage-far", language, percentage=percentage) if far else percentage

    def _net_phrase(self, amount: Decimal, language: str) -> str:
        """Return a computed change in words that tell its direction, never as a negative number."""
        phrase = "net-decrease" if amount < 0 else "net-increase" if amount else "net-level"
        return _phrase(phrase, language, figure=self._figure_phrase(abs(amount), language))

    def _figure_phrase(self, amount: Decimal, language: str) -> str:
        """Return a computed amount in the finest unit of the cells compared, formatted like their figures."""
        cells = [*self.cells, *self.parts]
        compared = [cell for cell in cells if cell.measure == cells[0].measure]
        units = {cell.unit for cell in compared if cell.unit}
        factors = {unit: factor for unit in units if (factor := self.facts.unit_factor(unit)) is not None}
        unit = min(factors, key=lambda u: (factors[u], u), default=None)
        printed = [cell.operand.printed or "" for cell in compared if unit is None or cell.unit == unit]
        number = number_like(amount / factors[unit] if unit else amount, printed)
        if unit is None and len(units) == 1:
            unit = units.pop()
        return _with_unit(number, self.facts.unit_label(unit, language) if unit else "", language)

    def _parts_phrase(self, language: str) -> str:
        """Return the parts that are not zero, as many as a message can hold, with a word about those that are."""
        shown = [part for part in self.parts if Decimal(part.operand.amount or 0) != 0]
        if not shown:
            return _phrase("parts-zero", language)
        total = self.cells[0].operand if self.cells else None
        along_columns = total is not None and all(part.operand.row == total.row for part in self.parts)
        mixed = len({cell.unit for cell in (*self.cells[:1], *shown)}) > 1
        listed = _phrase("part-separator", language).join(
            _phrase(
                "part",
                language,
                name=_inside_quotes((part.operand.column if along_columns else _row_name(part)) or ""),
                number=_printed_number(part, self.facts if mixed else None, language),
            )
            for part in shown[:_MOST_PARTS]
        )
        if len(shown) > _MOST_PARTS:
            return _phrase("parts-more", language, parts=listed)
        return listed if len(shown) == len(self.parts) else _phrase("parts-others-zero", language, parts=listed)


def _printed_number(cell: ReportedCell, units: GraphReader | None, language: str) -> str:
    """Return the printed number of a cell, with its unit as `units` names it where that of the others is another."""
    number = (cell.operand.printed or cell.operand.amount or "").strip()
    unit = units.unit_label(cell.unit, language) if units is not None and cell.unit else ""
    return _with_unit(number, unit, language)


def _cell_phrase(cell: ReportedCell, facts: GraphReader, language: str) -> str:
    operand, unit = cell.operand, facts.unit_label(cell.unit, language) if cell.unit else ""
    figure = _with_unit((operand.printed or operand.amount or "").strip(), unit, language)
    if (cell.unit or "").endswith("/percent"):
        figure = _phrase("percentage", language, number=(operand.printed or "").rstrip("%％ "))
    place = _source_phrase(cell.source, operand.place, facts, language) or ""
    if cell.measure is None and cell.name is None and cell.row_code is None:
        return _naming_phrase(cell, facts, language)
    if facts.is_text(cell.source):
        heading, words = (_subject(words or "") for words in (operand.column, operand.row))
        subject = _phrase("subject", language, words=words) if words else _phrase("subject-unnamed", language)
        found = operand.place
        section = "" if found.page or found.line or found.paragraph else _phrase("section", language, heading=heading)
        return _phrase(
            _statement_phrase(cell, facts), language, place=place, section=section, subject=subject, figure=figure
        )
    if cell.measure is None:
        return _naming_phrase(cell, facts, language)
    if cell.note:
        return _phrase("empty-note", language, place=place)
    row = _phrase("row", language, row=_inside_quotes(_row_name(cell))) if _row_name(cell) else ""
    if row and cell.ordinal is not None:
        row = _phrase("ordinal", language, ordinal=cell.ordinal, row=row)
    column = _phrase("column", language, column=_inside_quotes(operand.column)) if operand.column else ""
    where = _phrase("place-separator", language).join(words for words in (place, row, column) if words)
    return _phrase("blank" if cell.blank else "cell", language, place=where, figure=figure)


def _naming_phrase(cell: ReportedCell, facts: GraphReader, language: str) -> str:
    """Return the text of a cell with a name, or the words in a sentence for its figure."""
    place = _source_phrase(cell.source, cell.operand.place, facts, language) or ""
    name = (
        _inside_quotes(cell.name or cell.operand.printed or "")
        if cell.measure is None
        else _subject(cell.operand.row or "")
    )
    return _phrase("naming", language, place=place, name=name)


def _statement_phrase(cell: ReportedCell, facts: GraphReader) -> str:
    """Return the phrase key for a figure in a sentence: amount, share, degree of completion, increase or decrease."""
    measure = (cell.measure or "").rpartition("#")[2]
    if measure in ("change", "changeRate") and cell.direction is not None:
        return f"sentence-{cell.direction.rpartition('/')[2]}"
    if measure != "share":
        return "sentence"
    return "sentence-completion" if _tells_completion(cell, facts) else "sentence-share"


def _tells_completion(cell: ReportedCell, facts: GraphReader) -> bool:
    """Whether the two amounts of a share differ in their phase: the outturn in percent of its budget."""
    amounts = [facts.own(cell.operand.observation or "", name) for name in ("shareOf", "shareIn")]
    phases = {
        facts.own(amount, "phase") or facts.own(facts.own(amount, "point") or "", "phase")
        for amount in amounts
        if amount is not None
    }
    return len(phases - {None}) == len(amounts)


def _source_phrase(source: str, place: Locator, facts: GraphReader, language: str) -> str | None:
    """Return a phrase for a table by its number, or for the text, with the place as far as known; else None.

    If several tables have the same number, the phrase includes the project of the form, or which of them it is.
    """
    number = facts.table_number(source)
    if number is None and not facts.is_text(source):
        return None
    name = _phrase("text", language) if number is None else _phrase("table", language, table=number)
    copy = facts.table_copy(source)
    project = facts.form_project(source) if copy is not None else None
    words = [
        _phrase(phrase, language, **{slot: value})
        for phrase, slot, value in (
            ("of-project", "project", _inside_quotes(project) if project else None),
            ("copy", "copy", copy if project is None else None),
        )
        if value is not None
    ]
    words += locator_to_words(replace(place, field=None, reference=None), language)
    words += [place.reference] if place.reference is not None else []
    aside = _phrase("aside-separator", language).join(words)
    return _phrase("aside-text" if number is None else "aside", language, source=name, words=aside) if words else name


def _row_name(cell: ReportedCell) -> str:
    """Return the code and label of a row, as far as it has them."""
    return " ".join(word for word in (cell.row_code, cell.operand.row) if word)


def _inside_quotes(words: str) -> str:
    """Return printed words for use inside quotation marks: inner double marks become single marks."""
    return words.translate(_INNER_MARKS)


def _subject(words: str) -> str:
    """Return the subject of a figure in a sentence for use inside quotation marks.

    The sentence may have opened a quotation that it closes behind the figure: a mark without its partner is left out.
    """
    subject = _inside_quotes(words)
    return subject if "’" in subject else subject.removeprefix("‘")


def _with_unit(number: str, unit: str, language: str) -> str:
    return _phrase("figure", language, number=number, unit=unit).strip()


def _phrase(phrase: str, language: str, /, **slots: object) -> str:
    return fill(load_finding_phrases(), phrase, language, **slots)
