"""What a SPARQL service says of the store in it: which generation is served, and who writes the next.

The state is a few triples in a graph of their own. The generation that is served is the greatest that it names, so that
one triple more is the whole switch to the next.
"""

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import Literal

from server.errors import StoreUnreachableError
from server.store.remote.connection import ServiceConnection
from server.store.remote.names import (
    BASE,
    CHANGED,
    GENERATION,
    HOLDER,
    IDENTITY,
    LEAVES,
    MAKES,
    SETTLED,
    SHARES,
    SPARE,
    STATE,
    STORE,
    WRITING,
)


@dataclass(frozen=True)
class RemoteState:
    """The state of a store in a service.

    `generation` is served, 0 before the first publication; what only those before `settled` had may be gone. The copy
    that is not served is that of the generation `spare`, unless a publication has begun to write the generation
    `writing`. `makes` are the graphs that it writes, `shares` those of them of which the current data get all,
    `leaves` those of which the served generation has no more use. `holders` say who publishes.
    """

    generation: int = 0
    settled: int = 0
    spare: int = 0
    writing: int = 0
    base: str = ""
    identity: str = ""
    changed: str = ""
    holders: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()


def read_state(connection: ServiceConnection, *properties: str) -> RemoteState:
    """Ask the service for the state, or for these properties of it only; raises StoreUnreachableError.

    After a large publication the state names thousands of graphs; who needs a number or two should not ask for them.
    """
    said = defaultdict[str, list[str]](list)
    chosen = f" FILTER(?p IN ({', '.join(f'<{name}>' for name in properties)}))" if properties else ""
    try:
        for row in connection.select(f"SELECT ?p ?o {{ GRAPH <{STATE}> {{ <{STORE}> ?p ?o{chosen} }} }}"):
            said[row["p"].value].append(row["o"].value)
    except SyntaxError as error:
        raise StoreUnreachableError(address=connection.addresses.query, reason=error) from error
    generation, settled, spare, writing = (
        max(map(int, said[name]), default=0) for name in (GENERATION, SETTLED, SPARE, WRITING)
    )
    base, identity, changed = (max(said[name], default="") for name in (BASE, IDENTITY, CHANGED))
    holders, makes, leaves, shares = (tuple(sorted(said[name])) for name in (HOLDER, MAKES, LEAVES, SHARES))
    return RemoteState(generation, settled, spare, writing, base, identity, changed, holders, makes, leaves, shares)


def say(connection: ServiceConnection, property_: str, *values: str | int) -> None:
    """Add statements to the state."""
    lines = "".join(f"<{STORE}> <{property_}> {Literal(value)} .\n" for value in values)
    if lines:
        connection.extend_graph(STATE, lines.encode())


def unsay(connection: ServiceConnection, property_: str, keep: int | None = None) -> None:
    """Take the statements with a property out of the state, but a number that is to be kept."""
    kept = "" if keep is None else f" FILTER(?value != {keep})"
    statement = f"GRAPH <{STATE}> {{ <{STORE}> <{property_}> ?value }}"
    connection.update(f"DELETE {{ {statement} }} WHERE {{ {statement}{kept} }}")


def unsay_value(connection: ServiceConnection, property_: str, value: str) -> None:
    """Take one statement out of the state."""
    connection.update(f"DELETE DATA {{ GRAPH <{STATE}> {{ <{STORE}> <{property_}> {Literal(value)} }} }}")


def count(connection: ServiceConnection, graph: str) -> int:
    """Return how many triples a graph of the service holds."""
    rows = connection.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    return sum(int(row["n"].value) for row in rows)


def holds_something(connection: ServiceConnection, graph: str) -> bool:
    """Return whether a graph of the service holds a triple."""
    return any(True for _ in connection.select(f"SELECT ?s {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT 1"))
