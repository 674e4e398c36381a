"""Logs on standard error, one line for each event, as text or JSON."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

REQUESTS = "server.requests"
FIELDS = "fields"


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON: time, level, logger, event, fields of a request, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted line."""
        content: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, FIELDS, {}),
        }
        if record.exc_info:
            content["traceback"] = self.formatException(record.exc_info)
        return json.dumps(content, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """Formats a record as a line of text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the formatted line."""
        fields = getattr(record, FIELDS, {})
        written = "".join(f" {name}={value}" for name, value in fields.items())
        return super().format(record) + written


def set_up_logs(kind: str) -> None:
    """Configure logging to standard error; call it at the start of the program."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if kind == "json" else TextFormatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING if kind == "off" else logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn.access").disabled = True  # requests are logged by `server.http.middleware`
