"""Receipts: what was checked, with which rules, and what came of it, as a PROV activity."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import pyoxigraph as ox

from converters.model.iris import mint_checksum, mint_file, mint_receipt, mint_software
from ontology.namespaces import DCT, DEFAULT_BASE, OWL, PROV, RDF, RDFS, SPDX, XSD
from ontology.shipped import turtle_files
from server.reports.json_report import JSON_VERDICTS
from server.reports.model import ACCEPTED, VERDICTS, DocumentReport
from server.reports.turtle_report import UNNAMED, turtle_prefixes
from shapes.rules import RULES
from shapes.versions import digest_files, rules_version

DISCLOSURE, CODES, REGISTER = "disclosure", "codes", "register"
OWN_SHAPES, WAIVERS, EARLIER = "shapes", "waivers", "earlier"
"""The roles in which a check uses a file."""
SET_ENGINE = "set"
"""The engine of the service, and of the command unless another is chosen."""
RECEIPT_FORMATS = MappingProxyType(
    {".ttl": ox.RdfFormat.TURTLE, ".jsonld": ox.RdfFormat.JSON_LD, ".json": ox.RdfFormat.JSON_LD}
)
"""The formats of a receipt by the suffix of its file."""
_A = ox.NamedNode(RDF + "type")
_VERDICTS = {**{VERDICTS[conforms]: word for conforms, word in JSON_VERDICTS.items()}, ACCEPTED: "accepted"}


@dataclass(frozen=True, slots=True)
class ReceiptInput:
    """A file that a check used: its name, its SHA-256, and the role in which it was used."""

    name: str
    sha256: str
    role: str = DISCLOSURE


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was checked together, with which engine, and the reports that came of it.

    `compared` are the IRIs of published versions with which the disclosures were compared, `failures` the number of
    files that could not be read, `moment` the time at which the check ended.
    """

    reports: tuple[DocumentReport, ...]
    inputs: tuple[ReceiptInput, ...]
    engine: str
    moment: datetime
    compared: tuple[str, ...] = ()
    failures: int = 0


@cache
def vocabulary_digest() -> str:
    """Return the SHA-256 of the shipped vocabulary: terms, kinds of table and code lists."""
    return digest_files(turtle_files())


def receipt_to_triples(receipt: Receipt, base: str = DEFAULT_BASE) -> list[ox.Triple]:
    """Return a receipt as a `prov:Activity`.

    Its IRI is made of all that it says but the time, so that the same files, checked with the same rules, get the same
    receipt.
    """
    said = sorted(map(str, _said(receipt, base, ox.NamedNode("urn:yusuan:receipt"))))
    activity = ox.NamedNode(base + mint_receipt("\n".join(said)))
    moment = ox.Literal(receipt.moment.isoformat(timespec="seconds"), datatype=ox.NamedNode(XSD + "dateTime"))
    return [
        *dict.fromkeys(_said(receipt, base, activity)),
        ox.Triple(activity, ox.NamedNode(PROV + "endedAtTime"), moment),
    ]


def receipt_to_bytes(receipt: Receipt, suffix: str, base: str = DEFAULT_BASE) -> bytes:
    """Return a receipt in the format of a suffix, one of RECEIPT_FORMATS."""
    prefixes = {
        **turtle_prefixes(base),
        "owl": OWL,
        "rdfs": RDFS,
        "rule": RULES.replace(DEFAULT_BASE, base),
        "spdx": SPDX,
    }
    return ox.serialize(receipt_to_triples(receipt, base), format=RECEIPT_FORMATS[suffix], prefixes=prefixes) or b""


def _said(receipt: Receipt, base: str, activity: ox.NamedNode) -> Iterator[ox.Triple]:
    rule = RULES.replace(DEFAULT_BASE, base)
    software = f"yusuan {version('yusuan')}"
    agent = ox.NamedNode(base + mint_software(software))
    rules, vocabulary = ox.NamedNode(base + rules_version().key), ox.NamedNode(base + "def")
    yield ox.Triple(activity, _A, ox.NamedNode(PROV + "Activity"))
    yield ox.Triple(activity, _A, ox.NamedNode(rule + "Check"))
    yield ox.Triple(activity, ox.NamedNode(rule + "engine"), ox.Literal(receipt.engine))
    yield ox.Triple(activity, ox.NamedNode(rule + "notRead"), ox.Literal(receipt.failures))
    yield ox.Triple(activity, ox.NamedNode(PROV + "wasAssociatedWith"), agent)
    yield ox.Triple(agent, _A, ox.NamedNode(PROV + "SoftwareAgent"))
    yield ox.Triple(agent, ox.NamedNode(RDFS + "label"), ox.Literal(software))
    for entity, sha256 in ((rules, rules_version().sha256), (vocabulary, vocabulary_digest())):
        yield ox.Triple(activity, ox.NamedNode(PROV + "used"), entity)
        yield from _checksum(entity, ox.NamedNode(f"{activity.value}#{entity.value.removeprefix(base)}"), sha256)
    yield ox.Triple(rules, ox.NamedNode(OWL + "versionInfo"), ox.Literal(rules_version().number))
    for each in receipt.inputs:
        yield from _input_triples(each, base, activity)
    for published in receipt.compared:
        yield ox.Triple(activity, ox.NamedNode(PROV + "used"), ox.NamedNode(published))
    for number, report in enumerate(receipt.reports, start=1):
        yield from _outcome_triples(report, activity, ox.NamedNode(f"{activity.value}/{number}"), rule)


def _input_triples(each: ReceiptInput, base: str, activity: ox.NamedNode) -> Iterator[ox.Triple]:
    file = ox.NamedNode(base + mint_file(each.sha256))
    usage = ox.NamedNode(f"{activity.value}#{each.role}-{each.sha256}")
    yield ox.Triple(activity, ox.NamedNode(PROV + "used"), file)
    yield ox.Triple(activity, ox.NamedNode(PROV + "qualifiedUsage"), usage)
    yield ox.Triple(usage, _A, ox.NamedNode(PROV + "Usage"))
    yield ox.Triple(usage, ox.NamedNode(PROV + "entity"), file)
    yield ox.Triple(usage, ox.NamedNode(PROV + "hadRole"), ox.NamedNode(f"{base}rules#role-{each.role}"))
    yield ox.Triple(file, ox.NamedNode(DCT + "title"), ox.Literal(each.name))
    yield from _checksum(file, ox.NamedNode(base + mint_checksum(each.sha256)), each.sha256)


def _checksum(entity: ox.NamedNode, checksum: ox.NamedNode, sha256: str) -> Iterator[ox.Triple]:
    yield ox.Triple(entity, _A, ox.NamedNode(PROV + "Entity"))
    yield ox.Triple(entity, ox.NamedNode(SPDX + "checksum"), checksum)
    yield ox.Triple(checksum, _A, ox.NamedNode(SPDX + "Checksum"))
    yield ox.Triple(checksum, ox.NamedNode(SPDX + "algorithm"), ox.NamedNode(SPDX + "checksumAlgorithm_sha256"))
    value = ox.Literal(sha256, datatype=ox.NamedNode(XSD + "hexBinary"))
    yield ox.Triple(checksum, ox.NamedNode(SPDX + "checksumValue"), value)


def _outcome_triples(
    report: DocumentReport, activity: ox.NamedNode, outcome: ox.NamedNode, rule: str
) -> Iterator[ox.Triple]:
    """Yield what came of the check of one disclosure: its verdict, and how many findings and comparisons there are."""
    yield ox.Triple(activity, ox.NamedNode(PROV + "generated"), outcome)
    yield ox.Triple(outcome, _A, ox.NamedNode(rule + "Outcome"))
    yield ox.Triple(outcome, ox.NamedNode(DCT + "subject"), ox.NamedNode(report.version or UNNAMED))
    yield ox.Triple(outcome, ox.NamedNode(rule + "verdict"), ox.Literal(_VERDICTS[report.verdict]))
    counts = {
        "violations": report.counts["violation"],
        "warnings": report.counts["warning"],
        "remarks": report.counts["information"],
        "following": report.following,
        "accepted": len(report.accepted),
        "passed": sum(each.passed for each in report.rules),
        "failed": sum(each.failed for each in report.rules),
        "notApplicable": sum(each.not_applicable for each in report.rules),
    }
    for name, count in counts.items():
        yield ox.Triple(outcome, ox.NamedNode(rule + name), ox.Literal(count))


def file_to_input(path: Path, role: str) -> ReceiptInput:
    """Return a file as an input of a check. Raise OSError if it cannot be read."""
    return ReceiptInput(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), role)
