"""The rules of Yusuan and their two engines: `check`, fast and set-based, and `check_with_pyshacl`, the reference."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyoxigraph as ox

from ontology.namespaces import DEFAULT_BASE
from ontology.numbers import decimal_to_text
from shapes.repairs.printed_amounts import amount_in_place
from shapes.report import (
    Finding,
    Operand,
    Repair,
    Report,
    Tally,
    finding_to_json,
    report_to_json,
    report_to_triples,
)
from shapes.rules import Rule, content_families, load_families, load_rule_triples, load_rules
from shapes.set_engine import check
from shapes.vocabulary_subset import VocabularySubset

__all__ = [
    "Finding",
    "Operand",
    "Repair",
    "Report",
    "Rule",
    "Tally",
    "VocabularySubset",
    "amount_in_place",
    "check",
    "check_with_pyshacl",
    "content_families",
    "decimal_to_text",
    "finding_to_json",
    "load_families",
    "load_rule_triples",
    "load_rules",
    "report_to_json",
    "report_to_triples",
    "select_vocabulary",
]


def check_with_pyshacl(
    triples: Iterable[ox.Triple],
    *,
    vocabulary: Iterable[ox.Triple] = (),
    base: str = DEFAULT_BASE,
    families: Collection[str] | None = None,
) -> Report:
    """Check a version graph with pySHACL, the reference engine; same report as `check`, but slower."""
    from shapes.pyshacl_engine import check_with_pyshacl as reference  # loads rdflib and pySHACL, which takes a second

    return reference(triples, vocabulary=vocabulary, base=base, families=families)


def select_vocabulary(triples: Iterable[ox.Triple], base: str = DEFAULT_BASE) -> VocabularySubset:
    """Return the part of the vocabulary that `check` needs: kinds of table, units, and codes with names and lists."""
    return VocabularySubset(triples, base)
