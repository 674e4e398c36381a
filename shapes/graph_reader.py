"""Look-ups in a checked graph for findings and messages: cells, tables and concepts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from ontology.locators import Locator, box_to_edges
from ontology.namespaces import DCT, DEF, DEFAULT_BASE, RDF, SKOS
from ontology.numbers import decimal_to_text
from shapes.report import Operand

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class ReportedCell:
    """A printed cell for messages: the operand, the code of its row, its unit, and its table or text.

    `doubtful` is set for a figure that was joined or moved in reading, `recognised` for one of a scanned page. `name`
    is the name in the cell, with line breaks closed; `ordinal` is the number of its row in a list. `note` is set for
    the note of an empty table, which counts as zero and has no number, `blank` for a cell of a total without a number.
    """

    operand: Operand
    row_code: str | None
    unit: str | None
    source: str = ""
    measure: str | None = None
    direction: str | None = None
    doubtful: bool = False
    recognised: bool = False
    name: str | None = None
    ordinal: str | None = None
    note: bool = False
    blank: bool = False


class GraphReader:
    """Reads the default graph of a store, each cell once; results are None if the graph has no statement."""

    def __init__(self, store: ox.Store, base: str = DEFAULT_BASE) -> None:
        self.store = store
        self.namespace = DEF.replace(DEFAULT_BASE, base)
        self._cells: dict[str, ReportedCell | None] = {}
        self._statements: dict[str, Mapping[str, Sequence[ox.NamedNode | ox.Literal]]] = {}

    def rows(self, select: str) -> Iterator[dict[str, str]]:
        """Yield the solutions of a SELECT in which every variable is bound, as text."""
        solutions = self.store.query(select)
        if isinstance(solutions, ox.QuerySolutions):
            names = [variable.value for variable in solutions.variables]
            for row in solutions:
                yield {name: term.value for name, term in zip(names, row, strict=True)}

    def source(self, observation: str) -> str:
        """Return the table or text in which an observation is printed; an empty text for other resources."""
        return self.own(observation, "printedIn") or ""

    def text(self, subject: str, predicate: str) -> str | None:
        """Return the first value of a property as text, in any language."""
        return min((term.value for term in self._objects(subject, predicate)), default=None)

    def own(self, subject: str, name: str) -> str | None:
        """Return the first value of a property in the project's namespace."""
        return self.text(subject, self.namespace + name)

    def label(self, concept: str, language: str) -> str | None:
        """Return the preferred label of a concept in a language."""
        names = self._objects(concept, SKOS + "prefLabel")
        return next((name.value for name in names if isinstance(name, ox.Literal) and name.language == language), None)

    def unit_label(self, unit: str, language: str) -> str:
        """Return the label of a unit (元, yuan); without a vocabulary the last segment of its IRI."""
        return self.label(unit, language) or unit.rsplit("/", 1)[-1]

    def unit_factor(self, unit: str) -> Decimal | None:
        """Return the number of yuan (persons, ...) in one unit."""
        factor = self.own(unit, "factor")
        return Decimal(factor) if factor else None

    def table_number(self, table: str) -> str | None:
        """Return the printed number of a table; None for other resources."""
        return self.own(table, "tableNumber")

    def table_copy(self, table: str) -> int | None:
        """Return the position among tables with the same number, from 1; None if the number is unique."""
        first, _, copy = table.rpartition("-")
        if copy.isdigit() and self.table_number(first) is not None:
            return int(copy)
        return 1 if self.table_number(f"{table}-2") is not None else None

    def form_project(self, table: str) -> str | None:
        """Return the name of the project that a performance form is about, as printed; None for other tables."""
        return self.own(f"{table}/r1", "projectName")

    def is_text(self, source: str) -> bool:
        """Return whether a resource is the explanatory text of a disclosure, not a table."""
        return ox.NamedNode(self.namespace + "Narrative") in self._objects(source, RDF + "type")

    def place(self, subject: str) -> Locator:
        """Return the place literals of an observation or of the header of a table."""
        names = ("page", "textLine", "textField", "fileNumber", "paragraph", "tableOfFile")
        page, line, field, file, paragraph, table = (self.own(subject, name) for name in names)
        return Locator(
            page=int(page) if page else None,
            line=int(line) if line else None,
            field=int(field) if field else None,
            bbox=box_to_edges(self.own(subject, "boundingBox")),
            file=int(file) if file else None,
            reference=self.own(subject, "cellReference"),
            paragraph=int(paragraph) if paragraph else None,
            table=int(table) if table else None,
        )

    def _line(self, claim: str) -> str | None:
        """The line of a claim, its own or that of its fact."""
        return self.own(claim, "line") or self.own(self.own(claim, "point") or "", "line")

    def cell(self, observation: str) -> ReportedCell | None:
        """Return the cell of an observation or of a record; None for other resources."""
        if observation not in self._cells:
            self._cells[observation] = self._cell(observation)
        return self._cells[observation]

    def _cell(self, observation: str) -> ReportedCell | None:
        table = self.own(observation, "printedIn")
        if table is None:
            return self._blank(observation) or self._written(observation)
        measure = self.own(observation, "measure")
        unit = self.own(observation, "printedUnit")
        operand = Operand(
            printed=self.own(observation, "printed"),
            amount=_plain(self.text(observation, measure) if measure else None),
            unit=self.unit_label(unit, "zh") if unit else None,
            table=self.table_number(table),
            row=self.own(observation, "rowLabel"),
            column=self.own(observation, "columnLabel"),
            observation=observation,
            place=self.place(observation),
        )
        return ReportedCell(
            operand=operand,
            row_code=self.own(observation, "rowCode"),
            unit=unit,
            source=table,
            measure=measure,
            direction=self.own(observation, "direction"),
            ordinal=self._ordinal(observation),
            doubtful=self.own(observation, "doubtfulReading") is not None,
            recognised=self.own(observation, "recognised") is not None,
            note=self._is_note(operand, table),
        )

    def _blank(self, cell: str) -> ReportedCell | None:
        """Return a cell of a total in which no number is printed, in the unit of its parts."""
        part, table = self.own(cell, "blankPart"), self.text(cell, DCT + "isPartOf")
        if part is None or table is None:
            return None
        operand = Operand(
            table=self.table_number(table),
            row=self.own(cell, "rowLabel"),
            column=self.own(cell, "columnLabel"),
            observation=cell,
            place=self.place(cell),
        )
        code, unit, measure = self.own(cell, "rowCode"), self.own(part, "printedUnit"), self.own(part, "measure")
        return ReportedCell(operand, code, unit, table, measure, blank=True)

    def _is_note(self, operand: Operand, table: str) -> bool:
        """Return whether a cell without row or column is the note that its table is empty."""
        named = operand.row is not None or operand.column is not None
        return (
            operand.amount == "0" and not named and self.own(table, "emptyNote") is not None and not self.is_text(table)
        )

    def _ordinal(self, observation: str) -> str | None:
        """Return the number of the list row of a figure; None outside lists."""
        record = self.own(observation, "record")
        line = self._line(observation) if record and self.own(record, "form") is None else None
        ordinal = (line or "").rpartition("/")[2]
        return ordinal if ordinal[:1].isdigit() else None

    def _written(self, entry: str) -> ReportedCell | None:
        """Return the text of a record cell or glossary entry."""
        source = self.text(entry, DCT + "isPartOf") or self.text(self.own(entry, "record") or entry, DCT + "isPartOf")
        said = (self.own(entry, name) for name in ("printed", "explainedName", "printedName", "printedCode"))
        printed = next(filter(None, said), None)
        if source is None or printed is None:
            return None
        operand = Operand(printed=printed, table=self.table_number(source), observation=entry, place=self.place(entry))
        return ReportedCell(operand, self.own(entry, "printedCode"), None, source, name=self.own(entry, "printedName"))

    def _objects(self, subject: str, predicate: str) -> Sequence[ox.NamedNode | ox.Literal]:
        """Return the IRIs and literals that a property has; all statements about a subject are read at once."""
        if subject not in self._statements:
            said: dict[str, list[ox.NamedNode | ox.Literal]] = defaultdict(list)
            if _IRI.fullmatch(subject):
                for quad in self.store.quads_for_pattern(ox.NamedNode(subject), None, None, ox.DefaultGraph()):
                    if isinstance(quad.object, ox.NamedNode | ox.Literal):
                        said[quad.predicate.value].append(quad.object)
            self._statements[subject] = dict(said)
        return self._statements[subject].get(predicate, ())


def natural_order(iri: str) -> list[tuple[int, str]]:
    """Return a sort key that puts `t05/r9c2` before `t05/r10c2`, so that cells sort in document order."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(iri)]


def _plain(number: str | None) -> str | None:
    """Return a number as a plain decimal; other values unchanged."""
    if number is None:
        return None
    try:
        return decimal_to_text(Decimal(number))
    except InvalidOperation:
        return number
