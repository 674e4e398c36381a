"""The steps of a conversion: recognise tables, settle identity and codes, read figures, relate them, collect claims."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from converters.conversion import Conversion
from converters.cube.relations import find_relations
from converters.entities.codes import names_of_codes, settle_codes
from converters.entities.disclosure_context import NOTHING_STATED, DisclosureContext, StatedFacts
from converters.entities.disclosure_identity import all_row_headers, naming_issues, settle_identity
from converters.entities.named_entities import find_entities
from converters.entities.projects import collect_projects
from converters.entities.several_offices import first_office_alone
from converters.model.document import Document, DocumentError
from converters.model.document_context import open_context
from converters.model.iris import Iris
from converters.multi_file import missing_half
from converters.narrative.narrative import read_narrative
from converters.narrative.open_subjects import withdraw_open_subjects
from converters.narrative.share_totals import add_share_totals
from converters.outline.outline import read_outline
from converters.rdf.graph import GraphContent, write_graph
from converters.readers import read_document
from converters.recognition.personal_data import withhold_personal_data
from converters.recognition.table_recognition import recognise
from converters.tables.contradicted_alignment import withhold_contradicted
from converters.tables.coordinates import unread_places
from converters.tables.money_of_this_year import settle_money_of_this_year
from converters.tables.table_conversion import convert_tables
from ontology import DEFAULT_BASE, load_vocabulary
from ontology.register import Register, load_register
from ontology.vocabulary import Vocabulary


def convert_file(
    path: Path, base: str = DEFAULT_BASE, *, vocabulary: Vocabulary | None = None, register: Register | None = None
) -> Conversion:
    """Read and convert one file. Raises DocumentError if it cannot be read or contains no known table."""
    return convert_document(read_document(path, vocabulary), base, vocabulary=vocabulary, register=register)


def convert_document(
    document: Document,
    base: str = DEFAULT_BASE,
    *,
    vocabulary: Vocabulary | None = None,
    register: Register | None = None,
    stated: StatedFacts = NOTHING_STATED,
) -> Conversion:
    """Convert a document.

    A disclosure may have its tables and its text in separate files. Either file alone is converted; an issue reports
    that the other is missing.

    `vocabulary` and `register` default to the shipped ones. `stated` supplies year, organisation and phase where the
    document does not name them. Raises DocumentError if nothing is recognised, if year or organisation is unknown, or
    if the known tables contain no figure.
    """
    vocabulary, register = vocabulary or load_vocabulary(), register or load_register()
    document = withhold_personal_data(document, vocabulary)
    opened = open_context(vocabulary)
    recognised = [recognise(grid, opened) for grid in document.grids]

    document, recognised = first_office_alone(document, recognised, vocabulary)
    identity = settle_identity(document, recognised, vocabulary, register, stated)
    organisations, year, phase = identity.organisations, identity.year, identity.phase
    row_headers = all_row_headers(recognised)
    entities = find_entities(row_headers, organisations, opened)
    code_keys, unlisted = settle_codes(row_headers, year, opened)
    projects, named_projects = collect_projects(row_headers, recognised, organisations, opened)
    class_names = names_of_codes(row_headers, code_keys)
    context = DisclosureContext(
        vocabulary, opened.hierarchy, organisations, year, phase, code_keys, projects, class_names, identity.level
    )

    tables, issues = convert_tables(recognised, context)
    tables = settle_money_of_this_year(tables, context)
    narrative = read_narrative(document, context)
    has_known_table = any(table.kind for table in recognised)
    if not has_known_table and not narrative.statements:
        raise DocumentError("nothing-recognised", file=document.source, grids=len(document.grids))
    if has_known_table and not any(table.observations for table in tables):
        raise DocumentError("no-figures", file=document.source, count=len(issues))

    tables, contradicted = withhold_contradicted(tables, narrative.compared, identity.key, context)
    context = replace(context, unread=tuple(unread_places(tables, context)))
    narrative = withdraw_open_subjects(narrative, (o for t in tables for o in t.observations), context)
    narrative = add_share_totals(narrative, (o for table in tables for o in table.observations), context.hierarchy)
    organisation = organisations.root.key
    relations = find_relations(tables, narrative.compared, identity.key, organisation, year, phase, context)
    content = GraphContent(
        disclosure=identity.key,
        organisation=organisation,
        level=identity.level,
        year=year,
        phase=phase,
        tables=tuple(tables),
        points=relations.points,
        sums=(*relations.sums, *narrative.sums),
        bounds=relations.bounds,
        narrative=narrative,
        shares=relations.shares,
        changes=relations.changes,
        blank_totals=relations.blank_totals,
        facts=relations.facts,
        outline=read_outline(document, recognised, tables, context),
    )
    graph = write_graph(content, vocabulary)
    iris = Iris(base, identity.key, graph.digest())
    return Conversion(
        documents=document.files,
        content=content,
        iris=iris,
        graph=graph.at(iris),
        issues=(
            *document.issues,
            *issues,
            *contradicted,
            *narrative.issues,
            *naming_issues(organisations),
            *missing_half(document, tables, narrative),
        ),
        organisations=organisations,
        title=identity.title,
        entities=(*entities, *named_projects, *unlisted, *narrative.entities),
        vocabulary=vocabulary,
    )
