"""Answer 410 for retracted resources instead of 404, and redirect from addresses that were replaced."""

import re

from server.errors import NotFoundError, RetractedError, ServiceError
from server.execution.evaluator import JSON_RESULTS, Evaluator, Question, read_answer, select
from server.sparql.query_templates import fill_query

DISCLOSURE = re.compile(
    r"(?P<thing>.+/id/(?:disclosure(?:/[\w.-]+){4}|notice/[0-9a-f]{16})(?:/v/[0-9a-f]{16})?)(?:/.*)?"
)


async def replacing_path(evaluator: Evaluator, base: str, error: NotFoundError, path: str) -> str | None:
    """Return the path of a request with the address of a version or disclosure that replaces the one asked for.

    None if nothing replaces it.
    """
    thing = disclosure_of(error, base)
    if thing is None:
        return None
    try:
        rows = await select(evaluator, fill_query("what_replaces_a_thing", thing=thing), base)
    except ServiceError:
        return None
    if not rows:
        return None
    before, after = (iri.removeprefix(f"{base}id/") for iri in (thing, rows[0]["other"].value))
    return path.replace(before, after, 1) if before in path else None


async def gone_or_missing(evaluator: Evaluator, base: str, error: NotFoundError) -> ServiceError:
    """Return a RetractedError if the resource belongs to a retracted version or disclosure, else the error itself."""
    thing = disclosure_of(error, base)
    if thing is None:
        return error
    question = Question(fill_query("was_it_retracted", thing=thing), base, results=JSON_RESULTS)
    try:
        answer = await read_answer(await evaluator.evaluate(question))
    except ServiceError:
        return error
    return RetractedError(iri=thing) if b"true" in answer else error


def disclosure_of(error: NotFoundError, base: str) -> str | None:
    """Return the IRI of the version or disclosure to which a missing resource belongs; None for other resources."""
    match = DISCLOSURE.fullmatch(str(error.values["iri"]))
    return match["thing"] if match is not None and match["thing"].startswith(base) else None
