"""What the command line writes: RDF and CSV files, and reports for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import click
import pyoxigraph as ox

import shapes
from converters import Conversion, conversion_to_records, records_to_csv
from converters.multi_file import HALVES
from converters.rdf.graph import write_rdf
from ontology import load_vocabulary, namespaces
from ontology.messages import message
from yusuan.checked import Checked

_RDF_FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}
OUTPUT_FORMATS = (*_RDF_FORMATS, ".csv")
_COLOURS = {"violation": "red", "warning": "yellow", "information": "blue"}


def say(key: str, language: str, **values: object) -> None:
    """Print the message `key` in `language`."""
    click.echo(message(key, language, **values))


Halves = dict[str, dict[str, str]]
"""The halves of disclosures that were met alone: files by which half is missing, by disclosure."""


def note_half(conversion: Conversion, met: Halves) -> None:
    """Add a conversion to the halves that were met, if it is one."""
    files = message("list-separator", "en").join(document.source.name for document in conversion.documents)
    missing = {issue.key: files for issue in conversion.issues if issue.key in HALVES}
    met.setdefault(conversion.disclosure_iri, {}).update(missing)


def warn_of_halves(met: Halves, language: str) -> None:
    """Say on standard error which files were taken as several disclosures and look like halves of one."""
    for halves in met.values():
        if len(halves) == len(HALVES):
            files = message("list-separator", language).join(sorted(halves.values()))
            click.echo(message("halves-apart", language, files=files), err=True)


def prefixes(base: str) -> dict[str, str]:
    """The prefixes that our Turtle and TriG declare."""
    names = ("DCAT", "DCT", "ORG", "PROV", "QB", "SH", "SKOS", "XSD")
    return {name.lower(): getattr(namespaces, name) for name in names} | {"": base + "def#"}


def conversions_to_bytes(conversions: Sequence[Conversion], suffix: str) -> bytes:
    """The conversions in the format of a file ending, one of OUTPUT_FORMATS."""
    if suffix == ".csv":
        return records_to_csv(r for c in conversions for r in conversion_to_records(c)).encode()
    quads = [quad for conversion in conversions for quad in conversion.quads()]
    return write_rdf(quads, _RDF_FORMATS[suffix], prefixes(conversions[0].iris.base))


def report_to_turtle(documents: Sequence[Checked]) -> bytes:
    """The validation reports of all documents in one Turtle document."""
    triples = [
        triple
        for document in documents
        for triple in shapes.report_to_triples(
            document.report, document.conversion.version_iri, document.conversion.iris.base
        )
    ]
    base = documents[0].conversion.iris.base if documents else namespaces.DEFAULT_BASE
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes(base)) or b""


def checked_to_text(document: Checked, language: str, colour: bool) -> str:
    """A document's report for people: verdict, findings worst first, what was asked, what was not converted."""
    conversion, report = document.conversion, document.report
    verdict = message("conforms" if report.conforms else "conforms-not", language)
    following = message("counts-following", language, n=report.following) if report.following else ""
    phase = conversion.vocabulary.concepts[conversion.claims.phase]
    lines = [
        click.style(f"{conversion.organisation_name}  {conversion.claims.year}  ", bold=True)
        + f"{phase.label(language)}  ({', '.join(d.source.name for d in conversion.documents)})",
        click.style(verdict, fg="green" if report.conforms else "red", bold=True)
        + message("counts", language, following=following, **report.counts),
    ]
    repairs = {repair.findings[0]: repair for repair in report.repairs}
    for finding in report.findings:
        lines.append(_finding_to_text(finding, language))
        if finding.id in repairs:
            lines += (f"      {line}" for line in _repair_to_text(repairs[finding.id], language))
    asked = "  ".join(f"{name} {passed}/{total}" for name, passed, total in _asked_by_family(report, language))
    lines.append(message("asked", language, asked=asked))
    if conversion.issues:
        lines.append(message("not-converted", language, n=len(conversion.issues)))
        lines += [f"  {issue.text(language)}" for issue in conversion.issues]
    text = "\n".join(lines) + "\n"
    return text if colour else click.unstyle(text)


def _factor(unit: str | None) -> Decimal:
    """How many yuan the printed unit is."""
    return Decimal(load_vocabulary().units.get(unit or "", ("", "1"))[1])


def _asked_by_family(report: shapes.Report, language: str) -> Iterator[tuple[str, int, int]]:
    """(title of a family of rules, comparisons that passed, comparisons asked); rounding is not counted again."""
    families = shapes.load_families()
    rules = [rule for rule in shapes.load_rules() if rule.refines is None]
    for family in dict.fromkeys(rule.family for rule in rules):
        tallies = [report.checked[rule.identifier] for rule in rules if rule.family == family]
        passed = sum(tally.passed for tally in tallies)
        total = passed + sum(tally.failed for tally in tallies)
        if total:
            yield families[family][language], passed, total


def _finding_to_text(finding: shapes.Finding, language: str) -> str:
    """A line for a finding; one that only follows from that before it stands further in and is not counted again."""
    key = finding.severity if finding.follows is None else "follows"
    word = click.style(message(key, language), fg=_COLOURS[finding.severity], bold=finding.follows is None)
    operand = finding.left or finding.right
    place = _place_to_text(operand, language) if operand else ""
    indent = "  " if finding.follows is None else "        "
    return f"{indent}{word}  {finding.message[language]}  [{finding.rule}{place}]"


def _place_to_text(operand: shapes.Operand, language: str) -> str:
    """Where in the document the left side stands, so that rows with one name can be told apart."""
    place = operand.place
    words = [
        message(key, language, value=value)
        for key, value in (("place-file", place.file), ("place-page", place.page), ("place-line", place.line))
        if value is not None
    ]
    return ", " + message("place-separator", language).join(words) if words else ""


def _repair_to_text(repair: shapes.Repair, language: str) -> Iterator[str]:
    """What is probably wrong (the one figure with what it should be, or the few that come into question), and how many
    findings that follow from it come next.
    """
    figures = [
        message(
            "repair-figure" if figure.table else "repair-sentence",
            language,
            table=figure.table,
            row=figure.row or "",
            column=figure.column or "",
            printed=figure.printed,
            amount=shapes.decimal_to_text(amount / _factor(figure.unit)),
            unit=figure.unit,
        )
        for figure, amount in repair.candidates
    ]
    if figures:
        key = "repair-one" if len(figures) == 1 else "repair-several"
        yield message(key, language, figures=message("list-separator", language).join(figures))
    if len(repair.findings) > 1:
        yield message("repair-follow", language, n=len(repair.findings) - 1)
