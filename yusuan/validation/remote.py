"""A client of `POST /validate`: check files on a service and fetch the report in a form."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

from ontology.messages import message
from server.reports.model import failing_severities

VERDICT_KEYS = {"conforms": "conforms", "does-not-conform": "conforms-not", "not-fully-checked": "conforms-unknown"}
"""The keys of the messages for the verdicts in JSON."""
ASK_AGAIN = 0.5
LONGEST_PAUSE = 5.0
ANSWER_SECONDS = 120.0


class RemoteValidationError(Exception):
    """What the service says is wrong with a file, or why the service cannot be reached."""


def validate_remotely(
    server: str, files: Mapping[str, Sequence[Path]], form: str, language: str
) -> tuple[dict[str, Any], bytes]:
    """Check files on a service; return the report as JSON data, and in a form.

    Args:
        server: The address of the service, such as `https://budgets.example.org/`.
        files: The files by the part of the form: `file`, `shapes`, `earlier`, `waivers`.
        form: The form of the report: `json`, `html`, `pdf` and others of `/openapi.json`.
        language: "zh" or "en".

    Raises:
        RemoteValidationError: The service refuses the files or cannot be reached.
        OSError: A file cannot be read.
    """
    address = urljoin(server if server.endswith("/") else f"{server}/", "validate")
    query = urlencode({"format": form, "lang": language})
    body, content_type = encode_form(files)
    headers = {"Content-Type": content_type, "Prefer": "respond-async", "Accept-Language": language}
    _, found, _ = _ask(Request(f"{address}?{query}", body, headers, method="POST"))
    progress = urljoin(address, found["Location"] or "").partition("?")[0]
    try:
        content = _await_report(f"{progress}/report?format=json", language)
        report: dict[str, Any] = json.loads(content)
        if form != "json":
            content = _await_report(f"{progress}/report?format={form}", language)
    finally:
        _forget(progress)
    return report, content


def encode_form(files: Mapping[str, Sequence[Path]]) -> tuple[bytes, str]:
    """Return files as the body of a form, and its Content-Type."""
    boundary = secrets.token_hex(16)
    parts = []
    for name, paths in files.items():
        for path in paths:
            file_name = path.name.replace('"', "%22").replace("\n", "%0A").replace("\r", "%0D")
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n"
            )
            parts += [head.encode(), path.read_bytes(), b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def _await_report(address: str, language: str) -> bytes:
    """Ask for a report until it is there."""
    pause = ASK_AGAIN
    while True:
        status, _, content = _ask(Request(address, headers={"Accept-Language": language}))
        if status != 202:
            return content
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)


def _forget(progress: str) -> None:
    """Have the service forget a check; it does so by itself after a while."""
    try:
        _ask(Request(progress, method="DELETE"))
    except RemoteValidationError:
        return


def _ask(request: Request) -> tuple[int, Message, bytes]:
    """Return status, headers and body of an answer. Raise RemoteValidationError for any error."""
    try:
        with urlopen(request, timeout=ANSWER_SECONDS) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            raise RemoteValidationError(error.read().decode(errors="replace").strip() or str(error)) from error
    except (URLError, TimeoutError, OSError) as error:
        raise RemoteValidationError(f"{request.full_url}: {getattr(error, 'reason', error)}") from error


def report_fails(report: Mapping[str, Any], fail_on: str) -> bool:
    """Whether a disclosure was not fully checked, or has a finding of at least a severity that was not accepted."""
    severities = failing_severities(fail_on)
    for document in report["documents"]:
        own = (found for shapes in document.get("shapes", ()) for found in shapes["results"])
        if document["conforms"] is None or any(
            found["severity"] in severities and not found.get("reason") for found in (*document["findings"], *own)
        ):
            return True
    return False


def report_to_text(report: Mapping[str, Any], language: str) -> str:
    """Return a report as text: the verdict and a line for each finding of each disclosure."""
    lines = []
    for document in report["documents"]:
        title = "  ".join(str(word) for word in (document.get("organisation"), document.get("year")) if word)
        lines.append(f"{title}  ({', '.join(document['files'])})".lstrip())
        following = document.get("following")
        counted = message("counts-following", language, n=following) if following else ""
        counts = message("counts", language, following=counted, **document["counts"])
        lines.append(message(VERDICT_KEYS[document["verdict"]], language) + counts)
        for finding in document["findings"]:
            word = message(finding["severity"] if finding["follows"] is None else "follows", language)
            lines.append(f"  {word}  {finding['message'][language]}  [{finding['rule']}]")
        for found in (found for shapes in document.get("shapes", ()) for found in shapes["results"]):
            texts = found["message"]
            text = texts.get(language) or next(iter(texts.values()), "")
            lines.append(f"  {message(found['severity'], language)}  {text}  [{found['focus']}]")
    return "\n".join(lines) + "\n"
