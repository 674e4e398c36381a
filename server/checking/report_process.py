"""The task of a process that writes a report in a form, from the state that a page has carried."""

import sys
from datetime import datetime

from server.checking.result import ReportState, parse_state_bytes
from server.reports import FORMATS
from server.reports.json_report import documents_to_json, with_comparison
from server.reports.receipt import SET_ENGINE, Receipt, receipt_to_bytes
from server.reports.turtle_report import reason_triples, triples_to_turtle


def run(form: str, size: int) -> None:
    """Write the report whose state is the `size` bytes on standard input, in a form, to standard output."""
    sys.stdout.buffer.write(state_to_report(parse_state_bytes(sys.stdin.buffer.read(size)), form))


def state_to_report(state: ReportState, form: str) -> bytes:
    """Return a report in a form: `json`, `ttl`, `receipt`, or one of `server.reports.FORMATS`."""
    if form == "json":
        return f"{documents_to_json([with_comparison(state.document, state.report)])}\n".encode()
    if form == "ttl":
        reasons = list(reason_triples(state.report, state.base))
        return state.turtle.encode() + (b"\n" + triples_to_turtle(reasons, state.base) if reasons else b"")
    if form == "receipt":
        moment = datetime.fromisoformat(state.moment)
        return receipt_to_bytes(Receipt((state.report,), state.inputs, SET_ENGINE, moment), ".ttl", state.base)
    return FORMATS[form].write([state.report])
