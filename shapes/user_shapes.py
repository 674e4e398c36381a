"""User-defined shapes: SHACL files validated by pySHACL on a converted graph, in addition to the shipped rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ontology.namespaces import RDF, SEVERITIES, SH
from shapes.set_engine import graph_to_store

if TYPE_CHECKING:
    import rdflib

_RESULT_PROPERTIES = (
    *("resultSeverity", "focusNode", "resultPath", "value"),
    *("sourceShape", "sourceConstraintComponent"),
)
_LEAST_SEVERE = list(SEVERITIES.values())[-1]


class ShapesFileError(ValueError):
    """A shapes file that cannot be used: `file`, and the `reason` given by the parser or by pySHACL."""

    def __init__(self, file: Path, reason: object) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason = file, str(reason)

    def __reduce__(self) -> tuple[type[ShapesFileError], tuple[Path, str]]:
        """Return what the exception is made of, so that it can come from another process."""
        return type(self), (self.file, self.reason)


@dataclass(frozen=True)
class UserShapes:
    """The shapes graph of a file."""

    file: Path
    triples: tuple[ox.Triple, ...]


@dataclass(frozen=True, slots=True)
class UserResult:
    """A validation result of a user-defined shape; terms are text. `messages` are keyed by language, "" for none."""

    severity: str
    focus: str
    path: str | None
    value: str | None
    messages: Mapping[str, str]
    shape: str | None
    component: str

    def message(self, language: str) -> str:
        """Return the message in a language, else one without a language, else any."""
        candidates = (self.messages.get(key) for key in (language, "", *self.messages))
        return next((message for message in candidates if message), "")


@dataclass(frozen=True, slots=True)
class UserReport:
    """The validation report of a file of shapes: its results, the most severe first."""

    file: Path
    results: tuple[UserResult, ...]

    @property
    def conforms(self) -> bool:
        """Whether no result is a violation."""
        return not self.counts["violation"]

    @property
    def counts(self) -> dict[str, int]:
        """The number of results of each severity."""
        found = [result.severity for result in self.results]
        return {severity: found.count(severity) for severity in SEVERITIES.values()}


def load_user_shapes(file: Path) -> UserShapes:
    """Load a shapes graph from an RDF file; its extension determines the format.

    Raise ShapesFileError if the file cannot be read or has no shapes.

    >>> load_user_shapes(Path("house-rules.ttl")).file  # doctest: +SKIP
    PosixPath('house-rules.ttl')
    """
    try:
        triples = tuple(quad.triple for quad in ox.parse(path=str(file)))
    except (OSError, ValueError, SyntaxError) as error:
        raise ShapesFileError(file, error) from error
    return triples_to_user_shapes(file, triples)


def triples_to_user_shapes(file: Path, triples: tuple[ox.Triple, ...]) -> UserShapes:
    """Return the shapes graph of a file that was parsed. Raise ShapesFileError if it has no shapes."""
    kinds = {SH + "NodeShape", SH + "PropertyShape"}
    targets = {SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")}
    if not any(
        triple.predicate.value in targets
        or (
            triple.predicate.value == RDF + "type"
            and isinstance(triple.object, ox.NamedNode)
            and triple.object.value in kinds
        )
        for triple in triples
    ):
        raise ShapesFileError(file, "no sh:NodeShape or sh:PropertyShape")
    return UserShapes(file, triples)


def check_user_shapes(
    triples: Iterable[ox.Triple], shapes: Sequence[UserShapes], *, vocabulary: Iterable[ox.Triple] = ()
) -> tuple[UserReport, ...]:
    """Validate a graph, with the vocabulary that the shipped rules see, against each file of shapes.

    Neither `owl:imports` nor JavaScript is followed. Raise ShapesFileError for a file that is not valid SHACL.
    """
    if not shapes:
        return ()
    from shapes.pyshacl_engine import triples_to_rdflib  # loads rdflib and pySHACL, which takes a second

    data = triples_to_rdflib(quad.triple for quad in graph_to_store(triples, vocabulary))
    return tuple(UserReport(each.file, _validate(data, each)) for each in shapes)


def user_report_to_json(report: UserReport) -> dict[str, Any]:
    """Return a report as plain data."""
    return {
        "file": str(report.file),
        "conforms": report.conforms,
        "counts": report.counts,
        "results": [
            {
                "severity": result.severity,
                "message": dict(result.messages),
                "focus": result.focus,
                "path": result.path,
                "value": result.value,
                "shape": result.shape,
                "component": result.component,
            }
            for result in report.results
        ],
    }


def _validate(data: rdflib.Graph, shapes: UserShapes) -> tuple[UserResult, ...]:
    import pyshacl
    import rdflib
    from pyshacl.errors import ReportableRuntimeError
    from rdflib.plugins.sparql.evaluate import ParseException  # type: ignore[attr-defined] # not exported

    from shapes.pyshacl_engine import triples_to_rdflib

    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=triples_to_rdflib(shapes.triples), inference="none")
    except (ReportableRuntimeError, ParseException, ValueError) as error:
        raise ShapesFileError(shapes.file, error) from error
    if not isinstance(report, rdflib.Graph):
        raise ShapesFileError(shapes.file, report)
    order = list(SEVERITIES.values())
    return tuple(sorted(_results(report), key=lambda r: (order.index(r.severity), r.focus, r.path or "")))


def _results(report: rdflib.Graph) -> Iterator[UserResult]:
    import rdflib

    for node in report.subjects(rdflib.URIRef(RDF + "type"), rdflib.URIRef(SH + "ValidationResult")):
        terms = {
            name: None if (term := report.value(node, rdflib.URIRef(SH + name))) is None else str(term)
            for name in (
                "resultSeverity",
                "focusNode",
                "resultPath",
                "value",
                "sourceShape",
                "sourceConstraintComponent",
            )
        }
        messages = [
            m for m in report.objects(node, rdflib.URIRef(SH + "resultMessage")) if isinstance(m, rdflib.Literal)
        ]
        yield UserResult(
            severity=SEVERITIES.get(terms["resultSeverity"] or "", _LEAST_SEVERE),
            focus=terms["focusNode"] or "",
            path=terms["resultPath"],
            value=terms["value"],
            messages={message.language or "": str(message) for message in messages},
            shape=terms["sourceShape"],
            component=terms["sourceConstraintComponent"] or "",
        )
