"""Answer 410 for retracted resources instead of 404."""

import re

from server.errors import NotFoundError, RetractedError, ServiceError
from server.execution.evaluator import JSON_RESULTS, Evaluator, Question, read_answer
from server.sparql.query_templates import fill_query

DISCLOSURE = re.compile(r"(?P<thing>.+/id/disclosure(?:/[\w.-]+){4}(?:/v/[0-9a-f]{16})?)(?:/.*)?")


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
