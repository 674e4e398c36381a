"""Following a store in a SPARQL service: which generation it serves is asked again and again."""

import asyncio
import logging

from server.errors import ServiceError
from server.settings import Settings
from server.store.generation_store import open_store

PAUSE = 1.0
"""Seconds after which a publication of another machine is noticed."""

log = logging.getLogger(__name__)


async def follow(settings: Settings) -> None:
    """Keep the pointer on this machine in step with the service until cancelled."""
    failure = ""
    while True:
        await asyncio.sleep(PAUSE)
        try:
            await asyncio.to_thread(open_store, settings.store, settings.base)
            failure = ""
        except ServiceError as error:
            if str(error) != failure:
                log.warning("the store cannot be followed: %s", error)
            failure = str(error)
