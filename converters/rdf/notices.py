"""A procurement notice as RDF: the graph of a version, and its catalogue."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pyoxigraph as ox

from converters.model.iris import (
    DIGEST_LENGTH,
    PENDING_BASE,
    PENDING_VERSION,
    mint_file,
    mint_notice,
    mint_procedure,
    mint_project,
    mint_supplier,
    mint_version,
)
from converters.procurement.notice import Notice, NoticeLot, Printed, Supplier
from converters.procurement.values.names import is_credit_code
from ontology.namespaces import DCT, PROV, RDF, ROV, SKOS, XSD
from ontology.numbers import decimal_to_text
from ontology.text import clean_label

_A = ox.NamedNode(RDF + "type")
_YEAR = re.compile(r"(?<!\d)(20\d{2})")
_WEB = ("http://", "https://")
_PROJECT_CODE = re.compile(r"[0-9A-Z]{15,30}")
_ITEM_CODE = re.compile(r"[ABC]\d{2,8}")


class UndatedNoticeError(ValueError):
    """A notice that tells neither a date nor a year, without which it cannot be published."""


@dataclass(frozen=True, slots=True)
class NoticeGraphs:
    """A notice to publish: its IRI, that of its version, its year, and its graphs."""

    notice: str
    version: str
    year: int
    triples: tuple[ox.Triple, ...]
    catalogue: tuple[ox.Triple, ...]


def notice_to_graphs(
    notice: Notice, base: str, sha256: str, file_name: str, generated: datetime | None = None
) -> NoticeGraphs:
    """Return the graphs of a notice. `sha256` is the digest of its file; `generated` defaults to the current time.

    The same notice (title, kind, number and date) has one address, whatever file it is read from. Raise
    UndatedNoticeError if no year is known.
    """
    year = notice_year(notice)
    key = mint_notice(_identity(notice))
    pending = _Writer(notice, PENDING_BASE, key, mint_version(key, PENDING_VERSION), year)
    lines = (ox.serialize(pending.triples(), format=ox.RdfFormat.N_TRIPLES) or b"").splitlines()
    digest = hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()[:DIGEST_LENGTH]
    writer = _Writer(notice, base, key, mint_version(key, digest), year)
    moment = generated or datetime.now(UTC)
    return NoticeGraphs(
        notice=base + key,
        version=base + writer.version,
        year=year,
        triples=tuple(writer.triples()),
        catalogue=tuple(_catalogue(notice, writer, base, sha256, file_name, moment)),
    )


def notice_year(notice: Notice) -> int:
    """Return the year of publication or signing, else the first year in numbers and title. Raise UndatedNoticeError."""
    for day in (notice.published, notice.signed, notice.first_date):
        if day is not None:
            return day.year
    for text in (notice.plan, notice.number, notice.title):
        match = _YEAR.search(text or "")
        if match is not None:
            return int(match[1])
    raise UndatedNoticeError(notice.title)


def _identity(notice: Notice) -> str:
    """Return the identity of a notice: kind, number, title, date and lots."""
    day = notice.published or notice.signed
    lots = ",".join(lot.number or "" for lot in notice.lots)
    parts = (notice.kind, notice.number or "", clean_label(notice.title), day.isoformat() if day else "", lots)
    return "\n".join(parts)


class _Writer:
    """Writes a notice under one base and version."""

    def __init__(self, notice: Notice, base: str, key: str, version: str, year: int) -> None:
        self._notice, self._base, self._year = notice, base, year
        self.version = version
        self._subject = self._node(key)

    def _node(self, key: str) -> ox.NamedNode:
        return ox.NamedNode(self._base + key)

    def _term(self, name: str) -> ox.NamedNode:
        return self._node("def#" + name)

    def _part(self, path: str) -> ox.NamedNode:
        return self._node(f"{self.version}/{path}")

    def triples(self) -> list[ox.Triple]:
        """The triples of the version's graph, each once."""
        return list(dict.fromkeys(self._write()))

    def _write(self) -> Iterator[ox.Triple]:
        notice, subject = self._notice, self._subject
        version = self._node(self.version)
        yield ox.Triple(version, _A, self._term("NoticeVersion"))
        yield ox.Triple(version, self._term("notice"), subject)
        yield ox.Triple(subject, _A, self._term("Notice"))
        yield ox.Triple(subject, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(notice.title, language="zh"))
        yield ox.Triple(subject, self._term("year"), _typed(str(self._year), "gYear"))
        yield ox.Triple(subject, self._term("noticeKind"), self._node(f"code/notice-kind/{notice.kind}"))
        if notice.method is not None:
            method = self._node(f"code/procurement-method/{notice.method}")
            yield ox.Triple(subject, self._term("noticeMethod"), method)
        yield from self._numbers()
        yield from self._texts()
        yield from self._amounts(subject, notice.budget, notice.ceiling, notice.amount)
        yield from self._dates()
        for item in notice.items:
            if item.code is not None and _ITEM_CODE.fullmatch(item.code):
                code = self._node(f"code/procurement-item/{item.code}")
                yield ox.Triple(subject, self._term("noticeItem"), code)
            if item.name:
                yield ox.Triple(subject, self._term("itemPath"), ox.Literal(item.name))
        yield from self._lots()
        for name, printed in notice.printed.items():
            yield from self._value(name, printed)

    def _numbers(self) -> Iterator[ox.Triple]:
        notice, subject = self._notice, self._subject
        numbers = (
            ("projectNumber", notice.number),
            ("planNumber", notice.plan),
            ("contractNumber", notice.numbers.get("contract-number")),
            ("projectCode", notice.numbers.get("budget-project")),
        )
        for name, number in numbers:
            if number is not None:
                yield ox.Triple(subject, self._term(name), ox.Literal(number))
        if notice.number is not None:
            procedure = self._node(mint_procedure(clean_label(notice.number), clean_label(notice.buyer or "")))
            yield ox.Triple(subject, self._term("procedure"), procedure)
            yield ox.Triple(procedure, _A, self._term("Procedure"))
            yield ox.Triple(procedure, self._term("projectNumber"), ox.Literal(notice.number))
            if notice.project is not None:
                label = ox.Literal(notice.project, language="zh")
                yield ox.Triple(procedure, ox.NamedNode(SKOS + "prefLabel"), label)

        code = notice.numbers.get("budget-project")
        if code is not None and _PROJECT_CODE.fullmatch(code):
            yield ox.Triple(subject, self._term("budgetProject"), self._node(mint_project(code)))

    def _texts(self) -> Iterator[ox.Triple]:
        notice, subject = self._notice, self._subject
        if notice.project is not None:
            yield ox.Triple(subject, self._term("purchaseName"), ox.Literal(notice.project, language="zh"))
        if notice.buyer is not None:
            yield ox.Triple(subject, self._term("buyerName"), ox.Literal(notice.buyer))
        if notice.agency is not None:
            yield ox.Triple(subject, self._term("agencyName"), ox.Literal(notice.agency))

    def _amounts(
        self, subject: ox.NamedNode, budget: Decimal | None, ceiling: Decimal | None, amount: Decimal | None
    ) -> Iterator[ox.Triple]:
        for name, value in (("budgetAmount", budget), ("ceilingAmount", ceiling), ("awardedAmount", amount)):
            if value is not None:
                yield ox.Triple(subject, self._term(name), _typed(decimal_to_text(value), "decimal"))

    def _dates(self) -> Iterator[ox.Triple]:
        notice, subject = self._notice, self._subject
        days: tuple[tuple[ox.NamedNode, date | None], ...] = (
            (ox.NamedNode(DCT + "issued"), notice.published),
            (self._term("signedOn"), notice.signed),
            (self._term("correctsNoticeOf"), notice.first_date),
        )
        for name, day in days:
            if day is not None:
                yield ox.Triple(subject, name, _typed(day.isoformat(), "date"))

    def _lots(self) -> Iterator[ox.Triple]:
        """Yield lots and awards; without lots there is one award if suppliers are named."""
        notice = self._notice
        for position, lot in enumerate(notice.lots, start=1):
            node = self._part(f"lot/{position}")
            yield ox.Triple(self._subject, self._term("noticeLot"), node)
            yield ox.Triple(node, _A, self._term("NoticeLot"))
            if lot.number is not None:
                yield ox.Triple(node, self._term("lotNumber"), ox.Literal(lot.number))
            if lot.name is not None:
                yield ox.Triple(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(lot.name, language="zh"))
            if lot.failed:
                yield ox.Triple(node, self._term("lotFailed"), _typed("true", "boolean"))
            yield from self._amounts(node, lot.budget, lot.ceiling, None)
            yield from self._award(position, lot, node)
        if notice.suppliers and not any(lot.suppliers for lot in notice.lots):
            yield from self._award(1, NoticeLot(amount=notice.amount, suppliers=notice.suppliers), None)

    def _award(self, position: int, lot: NoticeLot, about: ox.NamedNode | None) -> Iterator[ox.Triple]:
        if not lot.suppliers:
            return
        award = self._part(f"award/{position}")
        yield ox.Triple(self._subject, self._term("noticeAward"), award)
        yield ox.Triple(award, _A, self._term("NoticeAward"))
        if about is not None:
            yield ox.Triple(award, self._term("awardedLot"), about)
        yield from self._amounts(award, None, None, lot.amount)
        for supplier in lot.suppliers:
            yield ox.Triple(award, self._term("awardedTo"), self._supplier(supplier))
            yield from self._supplier_triples(supplier)

    def _supplier(self, supplier: Supplier) -> ox.NamedNode:
        code = supplier.code if supplier.code and is_credit_code(supplier.code) else None
        return self._node(mint_supplier(clean_label(supplier.name), code))

    def _supplier_triples(self, supplier: Supplier) -> Iterator[ox.Triple]:
        node = self._supplier(supplier)
        yield ox.Triple(node, _A, self._term("Supplier"))
        yield ox.Triple(node, _A, ox.NamedNode(ROV + "RegisteredOrganization"))
        yield ox.Triple(node, ox.NamedNode(ROV + "legalName"), ox.Literal(supplier.name))
        yield ox.Triple(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(supplier.name, language="zh"))
        if supplier.code is not None:
            yield ox.Triple(node, self._term("creditCode"), ox.Literal(supplier.code))

    def _value(self, name: str, printed: Printed) -> Iterator[ox.Triple]:
        node = self._part(f"value/{name}")
        yield ox.Triple(self._subject, self._term("noticeValue"), node)
        yield ox.Triple(node, _A, self._term("NoticeValue"))
        yield ox.Triple(node, self._term("noticeField"), ox.Literal(name))
        if printed.label:
            yield ox.Triple(node, self._term("printedLabel"), ox.Literal(printed.label))
        yield ox.Triple(node, self._term("printed"), ox.Literal(printed.text))
        if printed.locator.line is not None and printed.locator.table is None:
            yield ox.Triple(node, self._term("textLine"), _typed(str(printed.locator.line), "integer"))
        elif printed.locator.paragraph is not None:
            yield ox.Triple(node, self._term("paragraph"), _typed(str(printed.locator.paragraph), "integer"))


def _catalogue(
    notice: Notice, writer: _Writer, base: str, sha256: str, file_name: str, generated: datetime
) -> Iterator[ox.Triple]:
    """When a version was made, from which file, and where the notice stands on its site."""
    version = ox.NamedNode(base + writer.version)
    file = ox.NamedNode(base + mint_file(sha256))
    yield ox.Triple(version, _A, ox.NamedNode(PROV + "Entity"))
    yield ox.Triple(version, ox.NamedNode(DCT + "isVersionOf"), ox.NamedNode(version.value.partition("/v/")[0]))
    stamp = generated.isoformat(timespec="seconds")
    yield ox.Triple(version, ox.NamedNode(PROV + "generatedAtTime"), _typed(stamp, "dateTime"))
    yield ox.Triple(version, ox.NamedNode(PROV + "wasDerivedFrom"), file)
    yield ox.Triple(file, _A, ox.NamedNode(PROV + "Entity"))
    yield ox.Triple(file, ox.NamedNode(DCT + "title"), ox.Literal(file_name))
    if notice.source.startswith(_WEB):
        yield ox.Triple(version, ox.NamedNode(DCT + "source"), ox.NamedNode(notice.source))


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))
