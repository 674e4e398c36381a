"""Findings as pages show them: message, severity, and the cells concerned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ontology import load_vocabulary
from ontology.namespaces import DEFAULT_BASE, SEVERITIES, SH
from server.pages.figures import money, number, to_decimal
from server.pages.page_context import PageContext, QueryRow
from server.sparql.query_templates import nodes
from shapes.graph_reader import natural_order
from shapes.rules import RULES, Rule, load_rules

SEVERITY_ORDER = tuple(SEVERITIES.values())


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding.

    `figures` are the IRIs of the figures compared, in order; `others` the focus node and the value. `follows` is the
    identifier of the finding whose mistake causes this one. A finding is `doubtful` if one of its figures was joined
    or moved while the file was read. `reason` is why it was accepted.
    """

    id: str
    severity: str
    rule: str
    message: str
    figures: tuple[str, ...]
    others: tuple[str, ...]
    quote: str | None
    follows: str | None = None
    doubtful: bool = False
    reason: str | None = None

    @property
    def anchor(self) -> str:
        """The HTML id on the page of the version."""
        return f"f-{self.id}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A likely mistake that explains several findings.

    `candidates` are the figures that may be wrong, each with its correct amount where that is determined, in words and
    in the unit in which the figure is printed; `findings` are the identifiers of the findings that the correction
    resolves. The candidates are alternatives unless they are to be corrected `together`.
    """

    id: str
    candidates: tuple[tuple[str, str | None], ...]
    findings: tuple[str, ...]
    together: bool = False

    @property
    def anchor(self) -> str:
        """The HTML id on the page of the version."""
        return f"m-{self.id}"


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """A finding, the likely mistake that explains it, and the further findings caused by the same mistake."""

    lead: FindingView
    mistake: Mistake | None
    following: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class FamilyTally:
    """The number of comparisons of a family of rules that passed, failed and were not applicable."""

    family: str
    passed: int
    failed: int
    not_applicable: int


async def findings_of_version(context: PageContext, version: str) -> list[FindingView]:
    """All findings of a version, the most severe first."""
    report = f"{version}/findings"
    rows = await context.select("what_was_found_in_a_version", default_graphs=[report], report=report)
    return rows_to_findings(rows, context)


async def findings_about(context: PageContext, version: str, things: Iterable[str]) -> list[FindingView]:
    """Return the findings of a version about any of these figures, points or tables."""
    wanted = nodes(things)
    rows = await context.select("what_was_found_about_things", default_graphs=[f"{version}/findings"], things=wanted)
    return rows_to_findings(rows, context)


def rows_to_findings(rows: Iterable[QueryRow], context: PageContext) -> list[FindingView]:
    """Return the findings in rows of (finding, property, value, language)."""
    properties: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    own = RULES.replace(DEFAULT_BASE, context.base)
    for row in rows:
        if row.get("language", "") in ("", context.language) or row["property"] == own + "reason":
            properties[row["finding"]][row["property"]].append(row["value"])
    found = [_finding(iri, values, own) for iri, values in properties.items()]
    return sort_findings(found)


def _finding(iri: str, values: Mapping[str, Sequence[str]], own: str) -> FindingView:
    def one(predicate: str) -> str | None:
        return next(iter(values.get(predicate, ())), None)

    sides = [*values.get(own + "left", ()), *values.get(own + "right", ())]
    parts = sorted(values.get(own + "part", ()), key=natural_order)
    return FindingView(
        id=iri.rsplit("/", 1)[-1],
        severity=SEVERITIES.get(one(SH + "resultSeverity") or "", SEVERITY_ORDER[-1]),
        rule=(one(own + "rule") or "").removeprefix(own),
        message=one(SH + "resultMessage") or "",
        figures=tuple(dict.fromkeys([*sides, *parts])),
        others=tuple(v for predicate in (SH + "focusNode", SH + "value") if (v := one(predicate)) is not None),
        quote=one(own + "quote"),
        follows=(one(own + "follows") or "").rpartition("/")[2] or None,
        doubtful=one(own + "doubtfulReading") == "true",
        reason=one(own + "reason"),
    )


async def mistakes_of_version(context: PageContext, version: str) -> list[Mistake]:
    """Return the likely mistakes of a version, in the order of its report."""
    report = f"{version}/findings"
    rows = await context.select(
        "which_mistakes_are_likely_in_a_version",
        default_graphs=[report],
        named_graphs=[version],
        report=report,
        version=version,
    )
    await context.load_names(row.get("unit") for row in rows)
    mended: dict[str, list[str]] = defaultdict(list)
    joint: set[str] = set()
    candidates: dict[str, dict[str, str | None]] = defaultdict(dict)
    for row in rows:
        if "together" in row:
            joint.add(row["mistake"])
        elif "finding" in row:
            mended[row["mistake"]].append(row["finding"].rsplit("/", 1)[-1])
        else:
            should_be = amount_in_unit(context, to_decimal(row.get("amount")), row.get("unit", ""))
            candidates[row["mistake"]][row["candidate"]] = should_be
    return [
        Mistake(
            id=iri.rsplit("/", 1)[-1],
            candidates=tuple(sorted(candidates[iri].items(), key=lambda item: natural_order(item[0]))),
            findings=tuple(mended[iri]),
            together=iri in joint,
        )
        for iri in sorted(mended, key=natural_order)
    ]


def amount_in_unit(context: PageContext, amount: Decimal | None, unit: str) -> str | None:
    """Return an amount in words and in a unit, an IRI whose name has been loaded; an amount without a unit as it is."""
    if amount is None:
        return None
    factor = next((f for key, f in load_vocabulary(context.base).units.values() if context.base + key == unit), None)
    return number(amount) if factor is None else f"{money(amount / Decimal(factor))} {context.name(unit).text}"


def group_findings(findings: Sequence[FindingView], mistakes: Sequence[Mistake]) -> list[FindingGroup]:
    """Group the findings: each independent finding with those that follow from it."""
    following: dict[str, list[FindingView]] = defaultdict(list)
    for finding in findings:
        if finding.follows is not None:
            following[finding.follows].append(finding)
    behind = {identifier: mistake for mistake in mistakes for identifier in mistake.findings}
    return [FindingGroup(f, behind.get(f.id), tuple(following[f.id])) for f in findings if f.follows is None]


def sort_findings(findings: Iterable[FindingView]) -> list[FindingView]:
    """Sort findings by severity, then certain before doubtful, then by rule and place in the document."""
    return sorted(
        findings,
        key=lambda f: (
            SEVERITY_ORDER.index(f.severity),
            f.doubtful,
            f.rule,
            natural_order((*f.figures, *f.others, "")[0]),
            f.id,
        ),
    )


def count_findings(findings: Iterable[FindingView]) -> dict[str, int]:
    """Count the independent findings of each severity, the most severe first.

    Findings that follow from others, and those accepted with a reason, are not counted.
    """
    found = [finding.severity for finding in findings if finding.follows is None and finding.reason is None]
    return {severity: found.count(severity) for severity in SEVERITY_ORDER}


async def tallies_of_version(context: PageContext, version: str) -> list[FamilyTally]:
    """Return the tallies of a published version by family of rules."""
    own = RULES.replace(DEFAULT_BASE, context.base)
    rows = await context.select("what_was_asked_of_a_version", default_graphs=[f"{version}/findings"])
    tallies = {
        row["rule"].removeprefix(own): (int(row["passed"]), int(row["failed"]), int(row["notApplicable"]))
        for row in rows
    }
    return tallies_by_family(tallies, context.base)


def tallies_by_family(tallies: Mapping[str, tuple[int, int, int]], base: str) -> list[FamilyTally]:
    """Sum the tallies of rules (passed, failed, not applicable) by family. Rules that refine another are left out."""
    rules = [rule for rule in load_rules(base) if rule.refines is None and rule.identifier in tallies]
    families = dict.fromkeys(rule.family for rule in rules)
    return [
        FamilyTally(family, *(sum(tallies[r.identifier][n] for r in rules if r.family == family) for n in range(3)))
        for family in families
    ]


def rules_by_id(base: str) -> dict[str, Rule]:
    """Return the rules by identifier."""
    return {rule.identifier: rule for rule in load_rules(base)}
