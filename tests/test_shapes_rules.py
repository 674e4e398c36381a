"""The rules as Turtle: legal SHACL, complete in both languages, each constraint alive, the register current."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from shape_graphs import DISCLOSURE, DisclosureGraph

from ontology.namespaces import DEF, DEFAULT_BASE, RDF, SH, XSD
from shapes import Report, check, check_with_pyshacl, load_families, load_rule_triples, load_rules
from shapes.core_constraints import Usage, property_shape_to_queries
from shapes.demands import load_demands
from shapes.rules import LANGUAGES, Constraint, PropertyShape, Rule
from shapes.rules_page import rules_to_markdown
from shapes.set_engine import triples_to_store
from shapes.versions import turtle_files

RULES = {rule.identifier: rule for rule in load_rules()}
CONSTRAINTS = [constraint for rule in RULES.values() for constraint in rule.constraints]
PARAMETERS: list[Any] = [
    pytest.param(rule, shape, name, id=f"{shape.iri.rpartition('#')[2]}-{name.removeprefix(SH)}")
    for rule in RULES.values()
    for shape in rule.properties
    for name, _ in shape.parameters
]
SELF_CONTRADICTION = "observation-precision-minInclusive"
"""With a negative precision a figure contradicts itself; rules count no such comparison, and so are not asked."""


def test_the_shapes_are_legal_shacl() -> None:
    shapes = rdflib.Graph()
    for path in turtle_files():
        shapes.parse(path, format="turtle")
    pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)


def test_every_node_of_the_shapes_has_a_name() -> None:
    for triple in load_rule_triples():
        assert not isinstance(triple.subject, ox.BlankNode)
        assert not isinstance(triple.object, ox.BlankNode)


def test_a_rule_says_what_it_is_in_both_languages() -> None:
    for rule in RULES.values():
        texts = [rule.title, rule.explanation, rule.basis]
        texts += [constraint.message for constraint in rule.constraints]
        texts += [shape.message for shape in rule.properties]
        assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts), rule.identifier
        assert bool(rule.constraints) != bool(rule.properties), rule.identifier
        assert rule.count is not None or rule.refines is not None or rule.properties, rule.identifier


def test_severities_are_as_the_design_has_them() -> None:
    by_severity = {
        severity: {rule.identifier for rule in RULES.values() if rule.severity == severity}
        for severity in ("warning", "information")
    }
    assert by_severity["warning"] == {
        *("column-count", "empty-declared", "name-differs", "code-name", "people-establishment", "change-reason"),
        *("project-form-department", "project-name", "project-code-division", "project-code-department"),
        *("glossary-held", "glossary-name", "unplaced-figures", "change-base-zero", "change-reasons"),
        *("required-table-practice", "required-section", "section-empty", "required-column", "required-depth"),
        *("heading-year", "title-organisation", "remnant", "repeated-words", "contents-missing"),
        *("contribution-twice", "three-public-within-budget", "three-public-rise", "operating-within-public"),
        *("required-detail", "tables-published", "form-box", "form-weights", "indicator-value"),
        *("code-unlisted-name", "row-missing", "change-opposite", "former-name", "reason-empty"),
        *("unit-left-out", "heading-skipped", "total-blank", "total-missing", "subclass-missing", "projects-total"),
        *("level-mark", "rows-exchanged", "carried-over", "same-text", "sum-text", "calculation"),
        *("section-fund", "evaluation-rate", "evaluation-mark", "evaluation-total", "evaluation-rate-mark"),
    }
    rounding = {name for name in RULES if name.endswith("-rounding")}
    assert by_severity["information"] == rounding | {
        "code-unlisted",
        "hint-wage-base",
        "execution",
        "change-reasons-main",
        "required-table-unread",
        "doubled-marks",
        "unpaired-marks",
    }


def test_demands_name_rules_that_exist_and_have_a_failing_case(root: Path) -> None:
    demands = load_demands()
    assert [demand.number for demand in demands] == list(range(1, 41))
    assert sum(1 for demand in demands if demand.rules) == 40
    for name in {rule for demand in demands for rule in demand.rules}:
        assert name in RULES
        assert list((root / "tests" / "shape-cases" / name).glob("invalid.*.ttl")), name


def test_a_rule_that_refines_another_stands_in_its_family_and_is_milder() -> None:
    for rule in RULES.values():
        if rule.refines:
            assert RULES[rule.refines].family == rule.family
            assert (RULES[rule.refines].severity, rule.severity) == ("violation", "information")


def test_families_are_those_of_the_files() -> None:
    files = {path.stem for path in turtle_files()} - {"rules", "names-in-messages", "demands", "written-examples"}
    assert set(load_families()) == files == {rule.family for rule in RULES.values()}


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda c: c.iri.rpartition("#")[2])
def test_a_select_keeps_to_what_shacl_allows_and_projects_what_its_message_needs(constraint: Constraint) -> None:
    select = constraint.select
    assert not re.search(r"\b(MINUS|VALUES|SERVICE|NOT\s+EXISTS)\b", select)
    clauses = re.findall(r"\bSELECT\b(.*?)\bWHERE\b", select, re.DOTALL)
    assert all("$this" in clause for clause in clauses)
    clause = clauses[0]
    for template in constraint.message.values():
        for slot in re.findall(r"\{\?(\w+)\}", template):
            assert slot == "this" or f"?{slot}" in clause, slot


def test_the_register_is_current(root: Path) -> None:
    assert (root / "docs" / "rules.md").read_text(encoding="utf-8") == rules_to_markdown()


def test_blank_nodes_keep_their_labels_in_a_store() -> None:
    node = ox.BlankNode("unnamed")
    triple = ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(DEF + "Table"))
    assert [quad.subject for quad in triples_to_store([triple])] == [node]


def test_rules_move_with_the_base() -> None:
    base = "http://localhost:8000/"
    moved = load_rules(base)
    assert [rule.identifier for rule in moved] == list(RULES)
    for rule in moved:
        assert DEFAULT_BASE not in f"{rule}"


def test_a_graph_under_another_base_is_checked_by_the_rules_under_it() -> None:
    base = "http://localhost:8000/"
    text = ox.serialize(whole_graph().triples, format=ox.RdfFormat.N_TRIPLES) or b""
    moved = [
        quad.triple for quad in ox.parse(text.replace(DEFAULT_BASE.encode(), base.encode()), ox.RdfFormat.N_TRIPLES)
    ]
    report = check(moved, base=base)
    assert (report.conforms, report.checked["sum"].passed) == (True, 1)


# ── SHACL Core ──────────────────────────────────────────────────────────────────────────────────


def whole_graph() -> DisclosureGraph:
    """A conforming graph in which every class and every property of the structural shapes occurs."""
    graph = DisclosureGraph()
    table = graph.table(5, "general-public")
    graph.say(table, DEF + "printedUnit", f"{DEFAULT_BASE}code/unit/yuan")
    graph.say(table, DEF + "headerKind", f"{DEFAULT_BASE}code/table/general-public")
    graph.add(table, DEF + "headerText", ox.Literal("一般公共预算支出"))
    graph.add(table, DEF + "declaredEmpty", ox.Literal(False))
    for name in ("labelledColumns", "printedColumns"):
        graph.add(table, DEF + name, ox.Literal(3))
    point, coordinates = f"{DEFAULT_BASE}id/point/a", f"{DEFAULT_BASE}id/coordinates/a"
    total = graph.observation(
        table, "r1c3", Decimal("595000.00"), point=point, coordinates=coordinates, labels=("201", "总计", "合计")
    )
    part = graph.observation(
        table, "r2c3", Decimal("595000.00"), bounded_by=[total], labels=("20101", "人大事务", "合计")
    )
    fact = graph.fact("a", total, Decimal("595000.00"))
    graph.say(fact, DEF + "unit", f"{DEFAULT_BASE}code/unit/yuan")
    graph.sum("column", total, [part], "function")
    return graph


def broken(graph: DisclosureGraph, rule: Rule, shape: PropertyShape, parameter: str) -> list[ox.Triple]:
    """The graph with one focus node made to break one parameter of one property shape."""
    kind = ox.NamedNode(rule.target)
    focus = next(t.subject for t in graph.triples if t.predicate.value == RDF + "type" and t.object == kind)
    path = ox.NamedNode(shape.path)
    focus = next((t.subject for t in graph.triples if t.predicate == path and is_a(graph, t.subject, kind)), focus)
    kept = [t for t in graph.triples if (t.subject, t.predicate) != (focus, path)]
    old = next(t.object for t in graph.triples if (t.subject, t.predicate) == (focus, path))
    wrong: dict[str, Callable[[], list[ox.NamedNode | ox.Literal]]] = {
        "minCount": list,
        "maxCount": lambda: [old, another(old)],  # type: ignore[list-item,arg-type]  # no blank nodes here
        "nodeKind": lambda: [ox.Literal("words")],
        "class": lambda: [ox.NamedNode("http://example.org/unknown")],
        "datatype": lambda: [ox.Literal("mots", language="fr")],
        "minInclusive": lambda: [ox.Literal("-1", datatype=old.datatype if isinstance(old, ox.Literal) else None)],
    }
    return kept + [ox.Triple(focus, path, value) for value in wrong[parameter.removeprefix(SH)]()]


def is_a(graph: DisclosureGraph, subject: object, kind: ox.NamedNode) -> bool:
    return any(t.subject == subject and t.predicate.value == RDF + "type" and t.object == kind for t in graph.triples)


def another(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
    """A second value of the same kind: of the same datatype, or another thing of the graph."""
    match term:
        case ox.NamedNode():
            return ox.NamedNode(DISCLOSURE if term.value != DISCLOSURE else "http://example.org/other")
        case ox.Literal() if term.datatype.value == XSD + "boolean":
            return ox.Literal(term.value == "false")
    return ox.Literal("2023", datatype=term.datatype)


def structure_of(report: Report, shape: PropertyShape) -> set[str]:
    return {f.component.removeprefix(SH) for f in report.findings if f.shape == shape.iri}


def test_the_whole_graph_conforms() -> None:
    assert check(whole_graph().triples).findings == ()


@pytest.mark.parametrize("families", [{"structure"}, pytest.param(None, marks=pytest.mark.exhaustive)])
def test_both_engines_say_the_same_of_the_whole_graph(families: set[str] | None) -> None:
    triples = whole_graph().triples
    assert check_with_pyshacl(triples, families=families) == check(triples, families=families)


@pytest.mark.parametrize(("rule", "shape", "parameter"), PARAMETERS)
def test_each_structural_constraint_is_alive(rule: Rule, shape: PropertyShape, parameter: str) -> None:
    report = check(broken(whole_graph(), rule, shape, parameter), families={rule.family})
    name = parameter.removeprefix(SH)
    assert f"{name[0].upper()}{name[1:]}ConstraintComponent" in structure_of(report, shape)


def first_of_each_component() -> list[Any]:
    """The first parameter of each component of SHACL."""
    first: dict[str, Any] = {}
    for parameter in PARAMETERS:
        _, _, component = parameter.values
        first.setdefault(component, parameter)
    return list(first.values())


@pytest.mark.parametrize(("rule", "shape", "parameter"), first_of_each_component())
def test_both_engines_say_the_same_of_a_broken_structure_by_its_family(
    rule: Rule, shape: PropertyShape, parameter: str
) -> None:
    triples = broken(whole_graph(), rule, shape, parameter)
    assert check_with_pyshacl(triples, families={rule.family}) == check(triples, families={rule.family})


@pytest.mark.exhaustive
@pytest.mark.parametrize(("rule", "shape", "parameter"), [case for case in PARAMETERS if case.id != SELF_CONTRADICTION])
def test_both_engines_say_the_same_of_a_broken_structure_by_all_rules(
    rule: Rule, shape: PropertyShape, parameter: str
) -> None:
    triples = broken(whole_graph(), rule, shape, parameter)
    assert check_with_pyshacl(triples) == check(triples)


@pytest.mark.parametrize(
    ("path", "lexical", "datatype"),
    [
        (DEF + "amount", "约一千万", "decimal"),
        (DEF + "year", "二〇二四", "gYear"),
        (DEF + "declaredEmpty", "也许", "boolean"),
        (DEF + "labelledColumns", "7.5", "integer"),
    ],
)
def test_a_literal_that_its_datatype_does_not_know_is_noticed(path: str, lexical: str, datatype: str) -> None:
    value = ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype))
    triples = [
        ox.Triple(t.subject, t.predicate, value) if t.predicate.value == path else t for t in whole_graph().triples
    ]
    report = check(triples)
    assert f"{SH}DatatypeConstraintComponent" in {finding.component for finding in report.findings}
    assert not report.conforms


def test_a_constraint_the_set_based_path_does_not_know_is_refused() -> None:
    shape = RULES["structure-sum"].properties[0]
    unknown = replace(shape, parameters=((SH + "pattern", ox.Literal("^a")),))
    with pytest.raises(ValueError, match="sh:pattern"):
        property_shape_to_queries(unknown, DEF + "Sum", Usage(1, 1, 1))
