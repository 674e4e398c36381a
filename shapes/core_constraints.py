"""SHACL Core as set-based SPARQL: one SELECT over all focus nodes for each parameter of a property shape."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from ontology.namespaces import SH
from shapes.rules import PropertyShape, Term

# Only a cast finds literals that are ill-typed (`"ten"^^xsd:decimal`).
_TEMPLATES = {
    "minCount": (
        "SELECT ?this WHERE {{ ?this a {target} . OPTIONAL {{ ?this {path} ?value }} }} "
        "GROUP BY ?this HAVING (COUNT(DISTINCT ?value) < {parameter})"
    ),
    "maxCount": (
        "SELECT ?this WHERE {{ ?this a {target} ; {path} ?value }} "
        "GROUP BY ?this HAVING (COUNT(DISTINCT ?value) > {parameter})"
    ),
    "class": (
        "SELECT ?this ?value WHERE {{ ?this a {target} ; {path} ?value . "
        "OPTIONAL {{ ?value a ?class FILTER(?class = {parameter}) }} FILTER(!BOUND(?class)) }}"
    ),
    "datatype": (
        "SELECT ?this ?value WHERE {{ ?this a {target} ; {path} ?value . "
        "FILTER(!COALESCE(DATATYPE(?value) = {parameter} && isLiteral({parameter}(STR(?value))), false)) }}"
    ),
    "minInclusive": (
        "SELECT ?this ?value WHERE {{ ?this a {target} ; {path} ?value . "
        "FILTER(!COALESCE(?value >= {parameter}, false)) }}"
    ),
}
_NODE_KINDS = {SH + "IRI": "isIRI", SH + "Literal": "isLiteral", SH + "BlankNode": "isBlank"}
_CARDINALITIES = (SH + "minCount", SH + "maxCount")
_NODE_KIND = "SELECT ?this ?value WHERE {{ ?this a {target} ; {path} ?value . FILTER(!{test}(?value)) }}"


# Counting all properties of all focus nodes once settles most cardinalities.
USAGE = (
    "SELECT ?path (COUNT(DISTINCT ?this) AS ?nodes) (COUNT(*) AS ?values) "
    "WHERE {{ ?this a <{target}> ; ?path ?value }} GROUP BY ?path"
)


@dataclass(frozen=True, slots=True)
class Usage:
    """The use of a property: the number of focus nodes with the property, and the number of values."""

    focus_nodes: int
    nodes: int
    values: int

    def settles(self, parameter: str, limit: int) -> bool:
        """Return whether these numbers prove that no focus node violates a minCount or maxCount."""
        if parameter == "minCount":
            return limit <= 1 and self.nodes == self.focus_nodes
        return limit >= 1 and self.values == self.nodes


@dataclass(frozen=True, slots=True)
class CoreQuery:
    """A query for the focus nodes (`?this`, sometimes with `?value`) that violate one parameter of a property shape."""

    component: str
    select: str


def property_shape_to_queries(shape: PropertyShape, target: str, usage: Usage) -> tuple[CoreQuery, ...]:
    """Return the queries of a property shape whose focus nodes are the instances of the class `target`.

    Queries with a result known to be empty from `usage` are left out. Raise ValueError for an unsupported constraint
    parameter, so that none is ignored. `rdfs:subClassOf` is not followed.
    """
    return tuple(
        _query(shape, parameter.removeprefix(SH), value, target)
        for parameter, value in shape.parameters
        if not (parameter in _CARDINALITIES and usage.settles(parameter.removeprefix(SH), _whole_number(value)))
    )


def _query(shape: PropertyShape, parameter: str, value: Term, target: str) -> CoreQuery:
    slots = {"target": f"<{target}>", "path": f"<{shape.path}>", "parameter": str(value)}
    if parameter == "nodeKind" and isinstance(value, ox.NamedNode) and value.value in _NODE_KINDS:
        select = _NODE_KIND.format(test=_NODE_KINDS[value.value], **slots)
    elif parameter in _TEMPLATES:
        select = _TEMPLATES[parameter].format(**slots)
    else:
        raise ValueError(f"{shape.iri} has sh:{parameter} {value}, which the set-based path does not know")
    return CoreQuery(f"{SH}{parameter[0].upper()}{parameter[1:]}ConstraintComponent", select)


def _whole_number(term: Term) -> int:
    if not isinstance(term, ox.Literal):
        raise ValueError(f"a cardinality needs a number, not {term}")
    return int(term.value)
