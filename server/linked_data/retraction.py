"""Answer 410 for retracted resources instead of 404, and redirect from addresses that were replaced."""

import re

from server.errors import NotFoundError, RetractedError, ServiceError
from server.execution.evaluator import JSON_RESULTS, Evaluator, Question, read_answer, select
from server.sparql.query_templates import fill_query

DISCLOSURE = re.compile(r"(?P<thing>.+/id/disclosure(?:/[\w.-]+){4}(?:/v/[0-9a-f]{16})?)(?:/.*)?")


async def replacing_path(evaluator: Evaluator, base: str, error: NotFoundError, path: str) -> str | None:
    """Return the path of a request with the address of a version or disclosure that replaces the one asked for.

    None if nothing replaces it.
    """
    match = DISCLOSURE.fullmatch(str(error.values["iri"]))
    if match is None or not match["thing"].startswith(base):
        return None
    for row in await select(evaluator, fill_query("what_replaces_a_thing", thing=match["thing"]), base):
        before, after = (iri.removeprefix(f"{base}id/") for iri in (match["thing"], row["other"].value))
        return path.replace(before, after, 1) if before in path else None
    return None


async def gone_or_missing(evaluator: Evaluator, base: str, error: NotFoundError) -> ServiceError:
    """Return a RetractedError if the resource belongs to a retracted version or disclosure, else the error itself."""
    match = DISCLOSURE.fullmatch(str(error.values["iri"]))
    if match is None or not match["thing"].startswith(base):
        return error
    question = Question(fill_query("was_it_retracted", thing=match["thing"]), base, results=JSON_RESULTS)
    try:
        answer = await read_answer(await evaluator.evaluate(question))
    except ServiceError:
        return error
    return RetractedError(iri=match["thing"]) if b"true" in answer else error
