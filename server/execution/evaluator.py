"""The interface through which queries are evaluated, and the questions and answers that pass through it."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

GZIP = "gzip"
JSON_RESULTS = "application/sparql-results+json"
NOT_TEXT = ("bnode", "triple")


@dataclass(frozen=True)
class Question:
    """A query and how to answer it.

    `results` is the media type for SELECT and ASK, `graph` the one for CONSTRUCT and DESCRIBE; None means that the
    client accepts none that is offered. Graphs given here override FROM. `base` resolves relative IRIs. `parse_only`
    asks for the media type alone; with `gzip` an answer that is worth it comes compressed. `context` is the address to
    which JSON-LD points for its context. `seconds` is a deadline earlier than that of the settings; it does not
    distinguish two questions.
    """

    query: str
    base: str
    results: str | None = None
    graph: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    parse_only: bool = False
    gzip: bool = False
    context: str = ""
    seconds: float | None = field(default=None, compare=False)

    def to_json(self) -> bytes:
        """Return the question as it travels to a worker."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Return the question that `to_json` wrote."""
        values = json.loads(text)
        for name in ("default_graphs", "named_graphs"):
            values[name] = tuple(values[name])
        return cls(**values)


class Answer(Protocol):
    """An answer that has begun: its media type, the generation it comes from, and its bytes.

    `encoding` is GZIP if the bytes are compressed. `length` is known if the answer is complete. Iterating raises
    ServiceError when the answer breaks off: what came before is then not the whole. `close` must be called in the end;
    it frees whoever is still at work.
    """

    @property
    def media_type(self) -> str:
        """The media type."""

    @property
    def generation(self) -> str:
        """The name of the generation."""

    @property
    def encoding(self) -> str | None:
        """GZIP, or None for bytes that are not compressed."""

    @property
    def length(self) -> int | None:
        """The length in bytes, or None if it is not known yet."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def follow(self, untaken: Callable[[], int]) -> None:
        """Set the function that returns how many of the bytes passed on the client has not acknowledged."""

    async def close(self) -> None:
        """Discard what has not been read."""


class Evaluator(Protocol):
    """Evaluates questions."""

    async def evaluate(self, question: Question) -> Answer:
        """Begin to answer; raises ServiceError if that fails before the first byte."""

    def generation(self) -> str:
        """Return the name of the generation that a question would be asked of now; raises StoreMissingError."""

    async def is_ready(self) -> bool:
        """Return whether a question would be answered now."""

    async def close(self) -> None:
        """Stop."""


class ClientsEvaluator(Protocol):
    """An evaluator that is fair between clients."""

    async def evaluate(self, question: Question, client: str = "") -> Answer:
        """Begin to answer a question of a client."""

    def generation(self) -> str:
        """Return the name of the generation that is served; raises StoreMissingError."""

    async def is_ready(self) -> bool:
        """Return whether a question would be answered now."""

    async def close(self) -> None:
        """Stop."""


class ClientEvaluator:
    """The evaluator as one client sees it: all questions are asked in its name."""

    def __init__(self, evaluator: ClientsEvaluator, client: str) -> None:
        self.evaluator = evaluator
        self.client = client

    async def evaluate(self, question: Question) -> Answer:
        """Begin to answer a question of this client."""
        return await self.evaluator.evaluate(question, self.client)

    def generation(self) -> str:
        """Return the name of the generation that is served; raises StoreMissingError."""
        return self.evaluator.generation()

    async def is_ready(self) -> bool:
        """Return whether a question would be answered now."""
        return await self.evaluator.is_ready()

    async def close(self) -> None:
        """Leave the evaluator, which serves other clients too, as it is."""


async def read_answer(answer: Answer) -> bytes:
    """Return the whole answer."""
    try:
        return b"".join([chunk async for chunk in answer])
    finally:
        await answer.close()


async def select(
    evaluator: Evaluator, query: str, base: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
) -> list[dict[str, NamedNode | Literal]]:
    """Return the rows of a SELECT: variable name to term, unbound variables absent."""
    question = Question(
        query=query,
        base=base,
        results=JSON_RESULTS,
        default_graphs=tuple(default_graphs),
        named_graphs=tuple(named_graphs),
    )
    text = await read_answer(await evaluator.evaluate(question))
    solutions = parse_query_results(text, QueryResultsFormat.JSON)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("select takes a SELECT query")
    names = [variable.value for variable in solutions.variables]
    return [{name: term for name in names if isinstance(term := row[name], NamedNode | Literal)} for row in solutions]


async def select_texts(
    evaluator: Evaluator, query: str, base: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
) -> list[dict[str, str]]:
    """Return the rows of a SELECT: variable name to the IRI or the text of the literal, unbound variables absent.

    Reading the JSON takes a fraction of what making terms takes.
    """
    question = Question(query, base, JSON_RESULTS, None, tuple(default_graphs), tuple(named_graphs))
    rows = json.loads(await read_answer(await evaluator.evaluate(question)))["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items() if term["type"] not in NOT_TEXT} for row in rows]
