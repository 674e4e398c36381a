"""A converted disclosure: its claims, its addresses, its triples, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import pyoxigraph as ox

from converters.cube.facts import Fact
from converters.entities.codes import code_standings
from converters.entities.entities import Entity
from converters.entities.organisations import Organisations
from converters.model.document import Document, Issue, Locator
from converters.model.iris import Iris
from converters.model.observation import Observation
from converters.rdf.catalogue import catalogue_triples
from converters.rdf.graph import Claims, claims_to_triples
from converters.rdf.numbered_lines import numbered_line_triples
from ontology.editions import Standing, standing_triples
from ontology.vocabulary import Vocabulary


@dataclass(frozen=True)
class Conversion:
    """A disclosure converted: its claims, its addresses, its triples (made when asked for) and what was not taken.

    `documents` are its files in their order.
    """

    documents: tuple[Document, ...]
    claims: Claims
    iris: Iris
    issues: tuple[Issue, ...]
    organisations: Organisations
    title: str
    entities: tuple[Entity, ...]
    vocabulary: Vocabulary

    @property
    def organisation_name(self) -> str:
        """The department or unit whose disclosure it is, as printed."""
        return self.organisations.root.name

    def file_of(self, locator: Locator) -> Document:
        """The file in which a place is; the first one where the place does not say."""
        return self.documents[(locator.file or 1) - 1]

    @property
    def disclosure_iri(self) -> str:
        """The disclosure, whatever its version."""
        return self.iris.full(self.claims.disclosure)

    @property
    def version_iri(self) -> str:
        """This version, which is also the name of its graph."""
        return self.iris.full(self.iris.version_key)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every readable figure: those of the tables in printed order, and then those of the narrative."""
        return self.claims.observations

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the disclosure: each amount of money once, whatever the number of its claims."""
        return self.claims.facts

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The graph of this version."""
        return claims_to_triples(self.claims, self.iris, self.vocabulary)

    @cached_property
    def standings(self) -> tuple[tuple[str, Standing], ...]:
        """How each official code of the graph stands to the editions of its year, by concept key."""
        return tuple(code_standings(self.triples, self.claims.year, self.vocabulary, self.iris.base))

    def catalogue(self, generated: datetime | None = None) -> list[ox.Triple]:
        """The catalogue graph of this version, generated now unless a time is given."""
        moment = generated or datetime.now(UTC)
        return [
            *catalogue_triples(self.claims, self.iris, self.documents, self.entities, moment, self.title),
            *numbered_line_triples(self.observations, self.iris),
            *standing_triples(self.version_iri, self.standings, self.iris.base),
        ]

    def quads(self, generated: datetime | None = None) -> list[ox.Quad]:
        """The version's graph and its catalogue graph."""
        version = ox.NamedNode(self.version_iri)
        catalogue = ox.NamedNode(self.version_iri + "/catalogue")
        return [ox.Quad(t.subject, t.predicate, t.object, version) for t in self.triples] + [
            ox.Quad(t.subject, t.predicate, t.object, catalogue) for t in self.catalogue(generated)
        ]
