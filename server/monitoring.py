"""Health, readiness and metrics endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from server.errors import NotFoundError, StoreMissingError
from server.execution.cache import AnswerCache
from server.execution.worker_pool import WorkerPool
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.http.forwarding import ClientIdentity
from server.http.metrics import MEDIA_TYPE, Sample, memory_of_process, metric
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
    """Whether queries are answered: workers can be started."""
    is_ready = await evaluator.is_ready()
    content = {"status": "ok" if is_ready else "unavailable", "generation": evaluator.generation()}
    return JSONResponse(content, status_code=200 if is_ready else 503, headers=NO_STORE)


@router.get("/metrics", response_class=Response)
@router.head("/metrics", include_in_schema=False)
async def metrics(request: Request, settings: SettingsOf) -> Response:
    """Metrics for Prometheus; only for the networks that the settings name."""
    client: ClientIdentity = request.state.client
    if client.is_proxied or not is_within(client.address, settings.metrics_for):
        raise NotFoundError(iri=str(request.url))
    state = request.app.state
    lines = [*state.counts.lines(), *pool_lines(state.pool), *cache_lines(state.cache), *process_lines(state.pool)]
    return Response("\n".join(lines) + "\n", headers={"Content-Type": MEDIA_TYPE, **NO_STORE})


def pool_lines(pool: WorkerPool) -> Iterator[str]:
    """Yield the metrics of the workers and the queues."""
    states = [({"state": "busy"}, len(pool.busy)), ({"state": "idle"}, len(pool.workers.idle))]
    yield from metric("yusuan_workers", "gauge", "Worker processes by state.", states)
    lanes = [({"lane": "short"}, len(pool.waiting)), ({"lane": "long"}, len(pool.waiting_long))]
    yield from metric("yusuan_queries_waiting", "gauge", "Queries that wait for a worker.", lanes)
    reasons = [({"reason": reason}, number) for reason, number in pool.workers.ended.items()]
    yield from metric("yusuan_workers_ended_total", "counter", "Worker processes that have ended.", reasons)
    held: list[Sample] = [({}, pool.workers.budget.held)]
    yield from metric("yusuan_answer_buffer_bytes", "gauge", "Bytes of answers buffered for slow clients.", held)


def cache_lines(cache: AnswerCache) -> Iterator[str]:
    """Yield the metrics of the answer cache."""
    yield from metric(
        "yusuan_cache_requests_total",
        "counter",
        "Queries looked up in the answer cache.",
        [({"result": "hit"}, cache.hits), ({"result": "miss"}, cache.misses)],
    )
    yield from metric("yusuan_cache_size_bytes", "gauge", "Bytes of answers in the cache.", [({}, cache.size)])


def process_lines(pool: WorkerPool) -> Iterator[str]:
    """Yield the metrics of the process and the store."""
    try:
        generation = int(pool.generation())
    except (StoreMissingError, ValueError):
        generation = 0
    yield from metric(
        "yusuan_store_generation", "gauge", "Number of the generation that is served.", [({}, generation)]
    )
    yield from metric(
        "process_resident_memory_bytes", "gauge", "Memory of the web process.", [({}, memory_of_process())]
    )
