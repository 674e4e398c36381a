"""The register of rules as a Markdown page, generated from the Turtle."""

from __future__ import annotations

from shapes.demands import load_demands
from shapes.rules import LANGUAGES, Rule, load_families, load_rules

_OPENING = """\
# Rules

Made by `python -m shapes > docs/rules.md` from the Turtle in `shapes/`; change it there.

Each rule is a legal SHACL shape. Two engines run them: the command and the server use the set-based path
(`shapes.check`), the tests hold it to pySHACL (`shapes.check_with_pyshacl`). A *violation* must be corrected and makes
a disclosure non-conforming; a *warning* deserves a look; *information* asks for nothing.

Figures are compared as intervals ([decision 2](decisions/0002-intervals-not-equality.md)). With d the distance of the
two sides, s the sum of all precisions and u twice the coarsest one: d ≤ s passes, s < d ≤ u is rounding (information),
beyond both is a violation. Claims of one point may leave a gap as wide as their coarsest precision before it is one.

`checked` in a report counts comparisons, not tables: a point with two claims or more, a sum with its parts, a pair of
part and whole, one node under one structural constraint, a code with its name, a form, an explanation. What could not
be compared is *not applicable*; a rule that only refines another (`…-rounding`) is not applicable to what failed the
other.

Findings that one mistake explains are grouped in the report (`repairs`): figures that one changed figure would mend,
figures of one table or text that miss other places by one and the same amount, rows that are exchanged or slipped by a
line, what follows from a performance form that was filled in out of line, a wrong unit or a row under another code, and
two columns that contradict each other row by row. The first of a group tells of the mistake; the others name it
(`follows`), stand behind it and are not counted again (`counts`, `following`). A wrong year in several headings or
comparisons is one finding that lists the places.

The family `structure` is about graphs. It is asked of graphs that are sent; a disclosure that is converted here has its
structure by construction, which the tests prove, and its report lists the other families.

What the rules notice of faults put into disclosures is measured: [docs/proof.md](proof.md). Of 39 faults found by
hand in real disclosures, 35 are told as violations or warnings, with their page; `tests/test_known_faults.py` lists
them, and the others (`pytest -m material`).

As RDF a report is a `sh:ValidationReport` without blank nodes. Its `sh:conforms` is false for a violation only, which
`sh:conformanceDisallows sh:Violation` (SHACL 1.2) states; an empty graph, somebody else's graph and a document of which
no table was recognised each have a violation of their own.
"""

_DEMANDS = """
## demands · 要求

What law and practice demand of a disclosure, and the rules that ask for it: {asked} of {all}. Each rule has failing
cases in `tests/shape-cases`.

| no. | demand | basis | rules | note |
| --- | --- | --- | --- | --- |
"""


def rules_to_markdown() -> str:
    """Return the register as Markdown: a table for each family, a row for each rule, both languages in each cell."""
    rules = load_rules()
    sections = [
        f"\n## {labels['en']} · {labels['zh']}\n\n| rule | severity | what it asks | why |\n| --- | --- | --- | --- |\n"
        + "".join(_row(rule) for rule in rules if rule.family == family)
        for family, labels in load_families().items()
    ]
    return _OPENING + _demands() + "".join(sections)


def _demands() -> str:
    """Return the table of what law and practice demand, with the rules that ask for it."""
    demands = load_demands()
    asked = sum(1 for demand in demands if demand.rules)
    head = _DEMANDS.format(asked=asked, all=len(demands))
    return head + "".join(
        f"| {d.number} | {d.label['zh']}<br>{d.label['en']} | {d.basis} "
        f"| {', '.join(f'`{name}`' for name in d.rules) or '—'} | {'<br>'.join(d.note.values())} |\n"
        for d in demands
    )


def _row(rule: Rule) -> str:
    asks = "<br>".join(f"**{rule.title[language]}** {rule.explanation[language]}" for language in LANGUAGES)
    notes = rule.basis_note or {}
    why = "<br>".join(" — ".join(filter(None, (rule.basis[lang], notes.get(lang)))) for lang in LANGUAGES)
    return f"| `{rule.identifier}` | {rule.severity} | {asks} | {why} |\n"
