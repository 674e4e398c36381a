"""A cache of answers in memory, for the generation that is served."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from server.execution.evaluator import Answer, ClientsEvaluator, Question
from server.sparql.tokens import is_volatile
from server.store.current_generation import CurrentGeneration

OVERHEAD = 2048  # what an entry takes beside its body and its query, about
LARGEST_SHARE = 8  # no answer may take more than this part of the whole


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A complete answer in memory."""

    media_type: str
    generation: str
    encoding: str | None
    body: bytes

    @property
    def length(self) -> int:
        """The length in bytes."""
        return len(self.body)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.body

    def follow(self, untaken: Callable[[], int]) -> None:
        """Do nothing: a complete answer occupies no worker."""

    async def close(self) -> None:
        """Do nothing: a complete answer occupies no worker."""


class AnswerCache:
    """A least-recently-used cache of answers of the current generation, of at most `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.hits = 0
        self.misses = 0
        self.generation = ""
        self.answers: OrderedDict[Question, KeptAnswer] = OrderedDict()

    def get(self, generation: str, question: Question) -> KeptAnswer | None:
        """Return the cached answer of this generation, the current one; answers of others are dropped."""
        if generation != self.generation:
            self.generation, self.size = generation, 0
            self.answers.clear()
        answer = self.answers.get(question)
        if answer is None:
            self.misses += 1
        else:
            self.hits += 1
            self.answers.move_to_end(question)
        return answer

    def put(self, question: Question, answer: KeptAnswer) -> None:
        """Add an answer of the current generation, and evict those used least recently."""
        if answer.generation != self.generation or question in self.answers or not self.has_room_for(answer.length):
            return
        self.answers[question] = answer
        self.size += size_of(question, answer)
        while self.size > self.most:
            self.size -= size_of(*self.answers.popitem(last=False))

    def has_room_for(self, length: int) -> bool:
        """Return whether an answer of this length is cached."""
        return length * LARGEST_SHARE <= self.most


def size_of(question: Question, answer: KeptAnswer) -> int:
    """Return the memory that an answer takes in the cache, in bytes."""
    return len(answer.body) + len(question.query) + OVERHEAD


class CachingEvaluator:
    """An evaluator with a cache in front of another evaluator."""

    def __init__(self, evaluator: ClientsEvaluator, cache: AnswerCache, current: CurrentGeneration) -> None:
        self.evaluator = evaluator
        self.cache = cache
        self.current = current

    async def evaluate(self, question: Question, client: str = "") -> Answer:
        """Begin to answer; an answer that is complete, or is read to its end, is cached.

        A question for the media type alone is answered with the complete answer if that is cached.
        """
        if is_volatile(question.query):
            return await self.evaluator.evaluate(question, client)
        kept = self.cache.get(self.current.read().name, replace(question, parse_only=False))
        if kept is not None:
            return kept
        if question.parse_only:
            return await self.evaluator.evaluate(question, client)
        answer = await self.evaluator.evaluate(question, client)
        if answer.length is None:
            return AnswerToKeep(answer, question, self.cache)
        body = b"".join([chunk async for chunk in answer])
        kept = KeptAnswer(answer.media_type, answer.generation, answer.encoding, body)
        self.cache.put(question, kept)
        return kept

    def generation(self) -> str:
        """Return the name of the generation that a question would be asked of now."""
        return self.current.read().name

    async def is_ready(self) -> bool:
        """Return whether a question would be answered now."""
        return await self.evaluator.is_ready()

    async def close(self) -> None:
        """Stop."""
        await self.evaluator.close()


class AnswerToKeep:
    """A streamed answer that is put in the cache at its end, unless it is too long."""

    def __init__(self, answer: Answer, question: Question, cache: AnswerCache) -> None:
        self.answer = answer
        self.question = question
        self.cache = cache
        self.media_type = answer.media_type
        self.generation = answer.generation
        self.encoding = answer.encoding
        self.length: int | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks, length = list[bytes](), 0
        async for chunk in self.answer:
            length += len(chunk)
            if self.cache.has_room_for(length):
                chunks.append(chunk)
            else:
                chunks.clear()
            yield chunk
        if self.cache.has_room_for(length):
            self.cache.put(self.question, KeptAnswer(self.media_type, self.generation, self.encoding, b"".join(chunks)))

    def follow(self, untaken: Callable[[], int]) -> None:
        """Pass the function on to the answer."""
        self.answer.follow(untaken)

    async def close(self) -> None:
        """Give up what has not been read."""
        await self.answer.close()
