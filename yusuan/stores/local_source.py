"""The evaluation of queries over a store that is opened directly, without a service of this project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from server.errors import FederationRefusedError
from server.sparql.syntax import malformed_query
from server.sparql.tokens import has_service_clause
from server.store.generation_store import open_store
from yusuan.frames import TypedValue


@dataclass(frozen=True)
class LocalSource:
    """A store in a folder or a SPARQL service; each query asks the generation that is current at its time.

    Raise StoreMissingError if nothing is published.
    """

    path: Path
    base: str

    def __post_init__(self) -> None:
        open_store(self.path, self.base).current()

    def solutions(
        self, query: str, graphs: Sequence[str] = ()
    ) -> tuple[Sequence[str], Iterable[Sequence[TypedValue | None]]]:
        """Return the variables of a SELECT query and its solutions, over these graphs or else all current data.

        Raise ServiceError for a malformed or federated query, ValueError for one that is no SELECT.
        """
        if has_service_clause(query):
            raise FederationRefusedError
        named: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [*map(ox.NamedNode, graphs)]
        with open_store(self.path, self.base).open() as store:
            try:
                found = store.query(query, base_iri=self.base, default_graph=named or None)
            except SyntaxError as error:
                raise malformed_query(query, self.base, error) from None
            if not isinstance(found, ox.QuerySolutions):
                raise ValueError("the query is no SELECT")
            names = [variable.value for variable in found.variables]
            return names, [[_term(solution[name]) for name in names] for solution in found]


def _term(term: object) -> TypedValue | None:
    if isinstance(term, ox.Literal):
        return term.value, term.datatype.value
    return (term.value, None) if isinstance(term, ox.NamedNode | ox.BlankNode) else None
