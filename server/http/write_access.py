"""Who may write: the secret that a client gives, and the key that it belongs to."""

import base64
import logging

from fastapi import Request

from server.errors import EngineFailedError, KeyFileError, KeyRefusedError, UpdateRefusedError
from server.http.client_keys import Key, find_key, read_keys
from server.settings import Settings

log = logging.getLogger(__name__)

_FOREIGN_SITES = ("cross-site", "same-site")
"""What browsers say in `Sec-Fetch-Site` of requests that pages of other origins cause."""


def require_key(request: Request) -> Key:
    """Return the key of a client that writes.

    Raises UpdateRefusedError where nobody may write, KeyRefusedError for a client without a valid key. The file is read
    anew each time, so that a revoked key is worthless at once. A browser sends a password that it remembers with forms
    of other sites too: there it counts for nothing.
    """
    authorization = request.headers.get("authorization", "")
    is_foreign = request.headers.get("sec-fetch-site") in _FOREIGN_SITES
    secret = None if is_foreign and is_basic(authorization) else secret_of(authorization)
    return check_secret(request.app.state.settings, secret)


def check_secret(settings: Settings, secret: str | None) -> Key:
    """Return the key of which a client gives the secret; raises what `require_key` raises."""
    path = settings.keys
    if path is None:
        raise UpdateRefusedError
    try:
        key = None if secret is None else find_key(read_keys(path), secret)
    except KeyFileError as error:
        log.error("nobody can write: %s", error)
        raise EngineFailedError from error
    if key is None:
        raise KeyRefusedError
    return key


def is_basic(authorization: str) -> bool:
    """Return whether an Authorization header is a password, which a browser may remember and send by itself."""
    return authorization.partition(" ")[0].lower() == "basic"


def secret_of(authorization: str) -> str | None:
    """Return the key in an Authorization header: a Bearer token, or the password of Basic whatever the name."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if is_basic(authorization):
        try:
            return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            return None
    return None
