"""`/llms.txt`: what the service offers to programs that read text, with links (<https://llmstxt.org/>)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ontology.messages import message
from server.dataset.void import service_address
from server.execution.evaluator import select
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.sparql.query_templates import fill_query

router = APIRouter(tags=["Search"])


@router.get("/llms.txt")
@router.head("/llms.txt", include_in_schema=False)
async def llms(request: Request, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
    """The interfaces for programs as Markdown, in English or with `lang=zh` in Chinese."""
    language = "zh" if request.query_params.get("lang") == "zh" else "en"
    versions = await select(evaluator, fill_query("which_versions_are_current"), settings.base)
    values = {"service": service_address(request), "base": settings.base, "disclosures": len(versions)}
    headers = {"Content-Language": language, "Cache-Control": "no-cache"}
    return Response(message("llms", language, **values), media_type="text/markdown; charset=utf-8", headers=headers)
