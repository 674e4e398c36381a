"""From documents to a conversion: recognise, settle who and when, place, and tie the claims together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from converters.conversion import Conversion
from converters.cube.changes import find_changes
from converters.cube.containing_wholes import find_bounds
from converters.cube.facts import find_facts
from converters.cube.points import find_points
from converters.cube.share_wholes import find_shares
from converters.cube.sums import find_sums
from converters.entities.codes import settle_codes
from converters.entities.disclosure_context import NOTHING_STATED, DisclosureContext, StatedFacts
from converters.entities.entities import Entity, find_entities
from converters.entities.organisations import DEPARTMENT, UNIT, Organisations, settle_organisations
from converters.entities.projects import Project, find_projects, name_projects
from converters.model.document import Document, DocumentError, Issue, Locator
from converters.model.document_context import DocumentContext, open_context
from converters.model.iris import Iris, mint_disclosure
from converters.model.observation import Table
from converters.multi_file import missing_half
from converters.narrative.narrative import Narrative, read_narrative
from converters.rdf.graph import Claims, version_digest
from converters.readers import read_document
from converters.recognition.captions import Cover, find_year, organisation_in, read_cover, without_title_words
from converters.recognition.table_parts import RowHeader
from converters.recognition.table_recognition import RecognisedTable, recognise
from converters.recognition.withholding import withhold_contacts
from converters.tables.coordinates import unread_places
from converters.tables.form_records import project_names
from converters.tables.table_conversion import convert_table
from ontology import DEFAULT_BASE, load_vocabulary
from ontology.register import Register, load_register
from ontology.text import clean_label
from ontology.vocabulary import Vocabulary

_LEVELS = "code/organisation-level"


def convert_file(
    path: Path, base: str = DEFAULT_BASE, *, vocabulary: Vocabulary | None = None, register: Register | None = None
) -> Conversion:
    """Read and convert one file; DocumentError if it cannot be read or no table of it is recognised."""
    return convert_document(read_document(path, vocabulary), base, vocabulary=vocabulary, register=register)


def convert_document(
    document: Document,
    base: str = DEFAULT_BASE,
    *,
    vocabulary: Vocabulary | None = None,
    register: Register | None = None,
    stated: StatedFacts = NOTHING_STATED,
) -> Conversion:
    """Convert a document that was read; DocumentError if nothing of it is recognised or no year is named.

    Where a disclosure has a file for its tables and one for its text, either is enough, and the other's lack an issue.

    The vocabulary and the register of organisations are the shipped ones unless others are given. `stated` holds where
    the document does not say its year, organisation or phase.
    """
    vocabulary, register = vocabulary or load_vocabulary(), register or load_register()
    document = withhold_contacts(document, vocabulary)
    opened = open_context(vocabulary)
    recognised = [recognise(grid, opened) for grid in document.grids]
    cover = read_cover(document.blocks, vocabulary)
    cover = replace(cover, year=cover.year or stated.year, organisation=cover.organisation or stated.organisation)
    known = any(r.kind for r in recognised)
    nothing = DocumentError("nothing-recognised", file=document.source, grids=len(document.grids))
    if not known and None in (cover.year, cover.organisation):
        raise nothing
    year = _year(recognised, vocabulary) or cover.year
    if year is None:
        raise DocumentError("year-unknown", file=document.source)
    phase = _phase(document, vocabulary, stated)
    titles = without_title_words(_titles(recognised, vocabulary), cover.organisation, vocabulary)
    titles = titles or ([cover.organisation] if cover.organisation else [])
    coded, projects_named = _coded(recognised), _projects(recognised)
    if not coded and not titles:
        raise DocumentError("organisation-unknown", file=document.source)
    organisations = settle_organisations(coded, titles, projects_named, vocabulary, register, year)
    heads = _heads(recognised)
    things = find_entities(heads, organisations, opened)
    code_keys, unlisted = settle_codes(heads, year, opened)
    projects, named = _projects_of(recognised, organisations, opened)
    context = DisclosureContext(vocabulary, opened.hierarchy, organisations, year, phase, code_keys, projects)
    tables, issues = _tables(recognised, context)
    narrative = read_narrative(document, context)
    if not known and not narrative.statements:
        raise nothing
    if known and not any(table.observations for table in tables):
        raise DocumentError("no-figures", file=document.source, count=len(issues))
    claims = _tie(tables, narrative, context, _level(document, vocabulary))
    version = version_digest(claims, vocabulary)
    iris = Iris(base, claims.disclosure, version)
    issues = [*document.issues, *issues, *narrative.issues, *_naming_issues(organisations)]
    issues += missing_half(document, tables, narrative)
    title = _document_title(cover, context)
    return Conversion(
        document.files,
        claims,
        iris,
        tuple(issues),
        organisations,
        title,
        (*things, *named, *unlisted, *narrative.entities),
        vocabulary,
    )


def _projects_of(
    recognised: Sequence[RecognisedTable], organisations: Organisations, context: DocumentContext
) -> tuple[tuple[Project, ...], list[Entity]]:
    """The projects of the document, and those of them that only a form names as things."""
    listed = find_projects(_heads(recognised), organisations)
    names = [name for found in recognised if found.form is not None for name in project_names(found.form)]
    named = name_projects(names, listed, organisations.division, context.vocabulary)
    things = [Entity(p.key, DEFAULT_BASE + "def#Project", None, p.name, "code/project/total") for p in named]
    for thing in things:
        context.hierarchy.add(thing.key, thing.parent)
    return (*listed, *named), things


def _tie(tables: Sequence[Table], narrative: Narrative, context: DisclosureContext, level: str) -> Claims:
    """Points, facts and bounds over the figures of all tables and of the narrative; the sums of each."""
    context = replace(context, unread=tuple(unread_places(tables, context)))
    organisations = context.organisations
    root = organisations.root
    phase, office = context.vocabulary.notation(context.phase), root.key.rsplit("/", 1)[-1]
    disclosure = mint_disclosure(organisations.division, context.year, phase, office, unit=level == UNIT)
    observations = [*(o for table in tables for o in table.observations), *narrative.compared]
    points = find_points(observations, disclosure, context)
    sums = find_sums(tables, context)
    return Claims(
        disclosure=disclosure,
        organisation=root.key,
        level=level,
        year=context.year,
        phase=context.phase,
        tables=tuple(tables),
        points=tuple(points),
        sums=(*sums, *narrative.sums),
        bounds=tuple(find_bounds(points, context)),
        narrative=narrative,
        shares=tuple(find_shares(tables, sums)),
        changes=tuple(find_changes(tables)),
        facts=tuple(find_facts(points, root.key, context.year, context.phase, context)),
    )


def _tables(recognised: Sequence[RecognisedTable], context: DisclosureContext) -> tuple[list[Table], list[Issue]]:
    tables: list[Table] = []
    issues: list[Issue] = []
    for order, found in enumerate(recognised, start=1):
        number = _number(found, order, tables)
        name = f"t{int(number):02d}"
        copies = sum(1 for table in tables if table.name == name or table.name.startswith(name + "-"))
        table, more = convert_table(found, name + (f"-{copies + 1}" if copies else ""), number, context)
        tables.append(table)
        issues += more
        if found.kind is None:
            place = next((cell.locator for cell in found.grid.cells), Locator())
            issues.append(Issue("unknown-table", place, {"title": found.caption.title, "rows": found.grid.n_rows}))
    return tables, issues


def _number(found: RecognisedTable, order: int, before: Sequence[Table]) -> str:
    """The printed number of a table; a further form of the kind before it has that one's, another its place."""
    goes_on = found.form is not None and found.kind is not None and bool(before) and before[-1].kind == found.kind.key
    if goes_on and found.caption.number is None:
        return before[-1].number
    return found.caption.number or str(order)


def _heads(recognised: Sequence[RecognisedTable]) -> list[RowHeader]:
    return [head for found in recognised for part in found.parts for head in part.heads]


def _coded(recognised: Sequence[RecognisedTable]) -> list[tuple[str, str]]:
    """Printed organisation codes with their names, where the row is the organisation's own."""
    return [
        (code, head.names.get("organisation", head.label))
        for head in _heads(recognised)
        if (code := head.codes.get("organisation")) is not None
        and ("organisation" in head.names or clean_label(head.code or "") == code)
    ]


def _titles(recognised: Sequence[RecognisedTable], vocabulary: Vocabulary) -> list[str]:
    return [name for found in recognised if found.kind and (name := organisation_in(found.caption, vocabulary))]


def _projects(recognised: Sequence[RecognisedTable]) -> list[str]:
    return [code for head in _heads(recognised) if (code := head.codes.get("project")) is not None]


def _year(recognised: Sequence[RecognisedTable], vocabulary: Vocabulary) -> int | None:
    """The year that most titles of tables name; the lines above a form name the day on which it was filled in."""
    named = (
        found.caption.year if found.form is None else find_year(found.caption.title, vocabulary) for found in recognised
    )
    years = [year for year in named if year is not None]
    return max(set(years), key=lambda year: (years.count(year), year)) if years else None


def _phase(document: Document, vocabulary: Vocabulary, stated: StatedFacts) -> str:
    """The phase that the first words about one name: 部门预算, 部门决算; else the stated one, else a budget."""
    return _first_named(document, _phase_words(vocabulary)) or f"code/phase/{stated.phase or 'budget'}"


def _level(document: Document, vocabulary: Vocabulary) -> str:
    """The level that the first words about one name: 部门预算, 单位预算; a department if none is named."""
    phase_words = _phase_words(vocabulary)
    labels = {
        label: concept.key
        for concept in vocabulary.concepts.values()
        if concept.scheme == _LEVELS
        for label in map(clean_label, concept.labels)
    }
    words = {label: key for label, key in labels.items() if label in phase_words}
    return vocabulary.notation(_first_named(document, words) or f"{_LEVELS}/{DEPARTMENT}")


def _phase_words(vocabulary: Vocabulary) -> dict[str, str]:
    return {
        label: places["phase"]
        for label, meanings in vocabulary.meanings.items()
        for places in (meaning.places for meaning in meanings)
        if "phase" in places
    }


def _first_named(document: Document, words: Mapping[str, str]) -> str | None:
    """What the first word found in the text stands for."""
    for block in document.blocks:
        text = clean_label(block.text)
        found = min(((at, words[word]) for word in words if (at := text.find(word)) >= 0), default=None)
        if found is not None:
            return found[1]
    return None


def _document_title(cover: Cover, context: DisclosureContext) -> str:
    """The line that names the disclosure, else whose it is, for which year and step."""
    phase = context.vocabulary.concepts[context.phase].label("zh")
    return cover.title or f"{context.organisations.root.name} {context.year} {phase}"


def _naming_issues(organisations: Organisations) -> list[Issue]:
    """An issue that lists the names of the department, if it goes by several."""
    names = tuple(dict.fromkeys(clean_label(name) for name in organisations.names))
    if len(names) < 2:
        return []
    return [
        Issue(
            "several-names",
            Locator(),
            {"n": len(names), "names": " / ".join(names), "name": organisations.root.name},
        )
    ]
