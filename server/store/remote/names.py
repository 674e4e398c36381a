"""The names of the graphs and terms by which a SPARQL service keeps a store.

The current data stand twice, in two graphs of which one is served: that of generation 7 is number 1, that of
generation 8 number 0. So do the names of the graphs that a generation has, each with the graph in which it is stored.
The state says which generation is served. None of these graphs is named by the registry, so that no query meets them.
"""

STORE = "urn:yusuan:store"
STATE = f"{STORE}:state"
NOWHERE = f"{STORE}:nowhere"
"""A graph that holds nothing."""
STORED_AS = f"{STORE}:stored-as"
GENERATION, SETTLED, SPARE, WRITING = (f"{STORE}:{name}" for name in ("generation", "settled", "spare", "writing"))
BASE, IDENTITY, CHANGED, HOLDER = (f"{STORE}:{name}" for name in ("base", "identity", "changed", "holder"))
MAKES, LEAVES, SHARES = (f"{STORE}:{name}" for name in ("makes", "leaves", "shares"))
DOCUMENT = f"{STORE}:document"
CURRENT, REGISTRY = "current", "registry"
ADDED, REMOVED = "added", "removed"
COPIES = 2


def copy_of(what: str, generation: int) -> str:
    """Return the graph in which a generation has its current data or its registry.

    >>> copy_of(CURRENT, 7)
    'urn:yusuan:store:current:1'
    """
    return f"{STORE}:{what}:{generation % COPIES}"


def change_of(what: str, change: str, portion: int = 0) -> str:
    """Return the graph of what the last publication added to the current data or the registry, or removed there.

    A change of many triples stands in several graphs, its portions, which are counted from 0.

    >>> change_of(CURRENT, ADDED, 2)
    'urn:yusuan:store:current:added:2'
    """
    return f"{STORE}:{what}:{change}{f':{portion}' if portion else ''}"


def stored_name(graph: str, generation: int, is_taken: bool) -> str:
    """Return the name under which the service stores a graph that is new or changed in a generation."""
    return f"{graph}?generation={generation}" if is_taken else graph
