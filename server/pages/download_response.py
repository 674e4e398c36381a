"""Responses that a browser saves as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal

from fastapi import Response

from ontology.numbers import decimal_to_text
from ontology.tabular.published_columns import Row
from server.dataset.downloads import TYPES
from server.pages.page_context import SECURITY_HEADERS
from server.serialization.media_types import content_type


def file_response(content: bytes, name: str, form: str, media_type: str | None = None) -> Response:
    """Return content as a file with a name, in a form of `TYPES` unless its media type is given."""
    headers = {**SECURITY_HEADERS, "Content-Disposition": f'attachment; filename="yusuan-{name}.{form}"'}
    return Response(content, media_type=media_type or content_type(TYPES[form]), headers=headers)


def rows_to_json(rows: Iterable[Row], **further: object) -> bytes:
    """Return rows of a table as JSON, behind `further` members; decimals are text."""
    plain = [{name: decimal_to_text(v) if isinstance(v, Decimal) else v for name, v in row.items()} for row in rows]
    return json.dumps({**further, "rows": plain}, ensure_ascii=False).encode()
