"""A converted disclosure: claims, IRIs, triples and issues."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

import pyoxigraph as ox

from converters.cube.facts import Fact
from converters.entities.codes import code_standings
from converters.entities.named_entities import Entity
from converters.entities.organisations import Organisations
from converters.model.document import Document, Issue
from converters.model.iris import Iris
from converters.model.observation import Observation
from converters.rdf.catalogue import catalogue_triples
from converters.rdf.graph import GraphContent
from converters.rdf.numbered_lines import numbered_line_triples
from converters.rdf.publications import NONE_STATED, Publications
from ontology.codelists.editions import Standing, standing_triples
from ontology.locators import Locator
from ontology.statements import NTriples
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True)
class Conversion:
    """A converted disclosure: claims, IRIs, the graph of the version and issues.

    `documents` are the files of the disclosure, in order; `entities` the organisations, projects and unlisted
    codes that the disclosure names.
    """

    documents: tuple[Document, ...]
    content: GraphContent
    iris: Iris
    graph: NTriples = field(repr=False)
    issues: tuple[Issue, ...]
    organisations: Organisations
    title: str
    entities: tuple[Entity, ...]
    vocabulary: Vocabulary

    @property
    def organisation_name(self) -> str:
        """The printed name of the department or unit that published the disclosure."""
        return self.organisations.root.name

    def file_of(self, locator: Locator) -> Document:
        """Return the file that a locator points into; the first file if the locator names none."""
        return self.documents[(locator.file or 1) - 1]

    @property
    def disclosure_iri(self) -> str:
        """The IRI of the disclosure, shared by all its versions."""
        return self.iris.full(self.content.disclosure)

    @property
    def version_iri(self) -> str:
        """The IRI of this version, also the name of its graph."""
        return self.iris.full(self.iris.version_key)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """All readable figures: first of the tables in printed order, then of the narrative."""
        return self.content.observations

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the disclosure: each amount of money once, whatever the number of its claims."""
        return self.content.facts

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The triples of the graph of this version, made on first use."""
        return list(self.graph)

    @cached_property
    def standings(self) -> tuple[tuple[str, Standing], ...]:
        """The standing of each official code of the graph in the editions of its year, as (concept key, standing)."""
        return tuple(code_standings(self.graph, self.content.year, self.vocabulary, self.iris.base))

    def catalogue(self, generated: datetime | None = None, publications: Publications = NONE_STATED) -> list[ox.Triple]:
        """Return the triples of the catalogue graph of this version; `generated` defaults to the current time.

        `publications` say where and when the government published the files.
        """
        moment = generated or datetime.now(UTC)
        return [
            *catalogue_triples(
                self.content, self.iris, self.documents, self.entities, moment, self.title, publications
            ),
            *numbered_line_triples(self.observations, self.iris),
            *standing_triples(self.version_iri, self.standings, self.iris.base),
        ]

    def quads(self, generated: datetime | None = None) -> list[ox.Quad]:
        """Return the quads of the graph and of the catalogue graph of this version."""
        version = ox.NamedNode(self.version_iri)
        catalogue = ox.NamedNode(self.version_iri + "/catalogue")
        return [ox.Quad(t.subject, t.predicate, t.object, version) for t in self.triples] + [
            ox.Quad(t.subject, t.predicate, t.object, catalogue) for t in self.catalogue(generated)
        ]
