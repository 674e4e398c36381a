"""Health, readiness and metrics: what whoever runs the service asks it."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from server.errors import NotFoundError, StoreMissingError
from server.execution.cache import AnswerCache
from server.execution.worker_pool import WorkerPool
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.http.metrics import MEDIA_TYPE, memory_of_process, metric
from server.networks import is_within

NO_STORE = {"Cache-Control": "no-store"}

router = APIRouter(tags=["Service"])


@router.get("/health")
@router.head("/health", include_in_schema=False)
async def health(evaluator: EvaluatorOf) -> Response:
    """Whether the service is alive, and which generation it serves."""
    return JSONResponse({"status": "ok", "generation": evaluator.generation()}, headers=NO_STORE)


@router.get("/ready", responses={503: {"description": "Not now."}})
@router.head("/ready", include_in_schema=False)
async def ready(evaluator: EvaluatorOf) -> Response:
    """Whether a query would be answered now: there is a worker, and room in the queue."""
    is_ready = await evaluator.is_ready()
    content = {"status": "ok" if is_ready else "unavailable", "generation": evaluator.generation()}
    return JSONResponse(content, status_code=200 if is_ready else 503, headers=NO_STORE)


@router.get("/metrics", response_class=Response)
@router.head("/metrics", include_in_schema=False)
async def metrics(request: Request, settings: SettingsOf) -> Response:
    """What the service counts of itself, for Prometheus; only for those whom the settings name."""
    client = request.client.host if request.client else ""
    if not is_within(client, settings.metrics_for):
        raise NotFoundError(iri=str(request.url))
    state = request.app.state
    lines = [*state.counts.lines(), *pool_lines(state.pool), *cache_lines(state.cache), *process_lines(state.pool)]
    return Response("\n".join(lines) + "\n", headers={"Content-Type": MEDIA_TYPE, **NO_STORE})


def pool_lines(pool: WorkerPool) -> Iterator[str]:
    """The workers and the queue."""
    yield from metric(
        "yusuan_workers",
        "gauge",
        "Workers by what they do.",
        [({"state": "busy"}, len(pool.busy)), ({"state": "idle"}, len(pool.idle))],
    )
    yield from metric("yusuan_queue_length", "gauge", "Queries that wait for a worker.", [({}, len(pool.waiting))])
    yield from metric(
        "yusuan_workers_ended_total",
        "counter",
        "Workers that ended, by why.",
        [({"why": why}, number) for why, number in pool.ended.items()],
    )
    yield from metric("yusuan_answers_ahead_bytes", "gauge", "Bytes held for slow clients.", [({}, pool.budget.held)])


def cache_lines(cache: AnswerCache) -> Iterator[str]:
    """The answers that are kept."""
    yield from metric(
        "yusuan_cache_lookups_total",
        "counter",
        "Questions looked up among the answers given before.",
        [({"found": "yes"}, cache.hits), ({"found": "no"}, cache.misses)],
    )
    yield from metric("yusuan_cache_bytes", "gauge", "Bytes of answers that are kept.", [({}, cache.size)])


def process_lines(pool: WorkerPool) -> Iterator[str]:
    """The process, and what it serves."""
    try:
        generation = int(pool.generation())
    except (StoreMissingError, ValueError):
        generation = 0
    yield from metric("yusuan_generation", "gauge", "The generation that is served.", [({}, generation)])
    yield from metric(
        "process_resident_memory_bytes", "gauge", "Memory of the web process.", [({}, memory_of_process())]
    )
