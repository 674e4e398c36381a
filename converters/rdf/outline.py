"""The outline of a document as triples: passages, and what is printed above tables."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from converters.model.iris import NARRATIVE, Iris
from converters.outline.outline import DocumentOutline, TableOutline
from converters.outline.passages import PrintedPassage
from converters.rdf.records import Node, PlaceTriples, Terms
from ontology.namespaces import DCT, RDF, XSD

_A = ox.NamedNode(RDF + "type")
_PART_OF = ox.NamedNode(DCT + "isPartOf")
_YEAR, _INTEGER, _DAY = (ox.NamedNode(XSD + name) for name in ("gYear", "integer", "date"))


def outline_triples(
    outline: DocumentOutline, disclosure: ox.NamedNode, iris: Iris, node: Node, place: PlaceTriples, *, narrated: bool
) -> Iterator[Terms]:
    """The triples of an outline; `narrated` is set where the version has a text to which passages belong."""
    if outline.unread:
        parts = ox.Literal(str(outline.unread), datatype=_INTEGER)
        yield node(iris.version_key), node("def#unreadParts"), parts
    if outline.institution:
        yield node(iris.version_key), node("def#ofInstitution"), ox.Literal(True)
    for above in outline.tables:
        yield from _above_table(above, iris, node)
    for passage in outline.passages:
        subject = node(iris.passage(passage.number))
        whole = passage.table or (NARRATIVE if narrated else None)
        yield subject, _A, node("def#Passage")
        yield subject, node("def#disclosure"), disclosure
        yield subject, _PART_OF, node(iris.table(whole) if whole else iris.version_key)
        yield subject, node("def#printed"), ox.Literal(passage.text)
        if passage.table is not None and passage.note:
            yield node(iris.table(passage.table)), node("def#emptyNote"), subject
        yield from _words(subject, passage, node)
        yield from _days(subject, passage, node)
        yield from place(subject, passage.locator)


def _words(subject: ox.NamedNode, passage: PrintedPassage, node: Node) -> Iterator[Terms]:
    for topic in passage.topics:
        yield subject, node("def#topic"), node(topic)
    if passage.characters is not None:
        length = ox.Literal(str(passage.characters), datatype=_INTEGER)
        yield subject, node("def#characters"), length
    if passage.year is not None:
        yield subject, node("def#namesYear"), ox.Literal(str(passage.year), datatype=_YEAR)
    for fund in passage.funds:
        yield subject, node("def#namesFund"), node(fund)
    for denial in passage.none_of:
        yield subject, node("def#assertsNoneOf"), node(denial.concept)
        if denial.within is not None:
            yield subject, node("def#assertsNoneWithin"), node(denial.within)
    if passage.section_fund is not None:
        yield subject, node("def#sectionFund"), node(passage.section_fund)
    for name, values in (
        ("remnant", passage.remnants),
        ("repeatedWords", (passage.repeated,) if passage.repeated else ()),
        ("misplacedLevel", passage.misplaced_levels),
        ("foreignDivision", passage.divisions),
        ("missingHeading", (passage.text,) if passage.missing else ()),
        ("tablesElsewhere", (passage.attached,) if passage.attached else ()),
        ("emptyReason", (passage.slips.empty_reason,) if passage.slips.empty_reason else ()),
        ("skippedNumber", (passage.skipped,) if passage.skipped else ()),
        ("unmeasured", (passage.slips.unmeasured,) if passage.slips.unmeasured else ()),
        ("doubledMarks", (passage.slips.doubled,) if passage.slips.doubled else ()),
        ("unpairedMark", (passage.slips.unpaired,) if passage.slips.unpaired else ()),
        ("impossibleDay", (passage.impossible_day,) if passage.impossible_day else ()),
    ):
        for value in values:
            yield subject, node("def#" + name), ox.Literal(value)


def _days(subject: ox.NamedNode, passage: PrintedPassage, node: Node) -> Iterator[Terms]:
    for name, day in (("approvedOn", passage.approved), ("publishedOn", passage.published)):
        if day is not None:
            yield subject, node("def#" + name), ox.Literal(day.isoformat(), datatype=_DAY)
    if passage.personal:
        yield subject, node("def#printsIdentityNumber"), ox.Literal(True)


def _above_table(above: TableOutline, iris: Iris, node: Node) -> Iterator[Terms]:
    subject = node(iris.table(above.table))
    if above.year is not None:
        yield subject, node("def#namesYear"), ox.Literal(str(above.year), datatype=_YEAR)
    if above.fund is not None:
        yield subject, node("def#titleFund"), node(above.fund)
    if above.organisation is not None:
        yield subject, node("def#titleOrganisation"), ox.Literal(above.organisation)
    for name, keys in (("titleKind", above.kinds), ("shows", above.shows)):
        for key in keys:
            yield subject, node("def#" + name), node(key)
    for division in above.divisions:
        yield subject, node("def#foreignDivision"), ox.Literal(division)
    for caption in above.open_boxes:
        yield subject, node("def#openBox"), ox.Literal(caption)
