"""Receipts of checks on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from server.reports.receipt import (
    CODES,
    EARLIER,
    OWN_SHAPES,
    REGISTER,
    WAIVERS,
    Receipt,
    ReceiptInput,
    file_to_input,
)
from yusuan.checked_document import Checked, CheckOptions
from yusuan.inputs import Inputs


def build_receipt(
    checked: Sequence[Checked],
    failures: int,
    inputs: Inputs,
    options: CheckOptions,
    moment: datetime,
    *,
    earlier: Path | None = None,
    waivers: Path | None = None,
    compared: Iterable[str] = (),
) -> Receipt:
    """Build the receipt of a check.

    Args:
        checked: The checked disclosures.
        failures: How many files could not be read.
        inputs: The code lists and registers that were used.
        options: The engine and the user's own shapes.
        moment: When the check ended.
        earlier: The earlier report that was compared with.
        waivers: The report with reasons.
        compared: The published versions with which the disclosures were compared.

    Raises:
        OSError: One of the files cannot be read.
    """
    documents = [document for each in checked for document in each.conversion.documents]
    own: Sequence[tuple[Path | None, str]] = [
        *((path, CODES) for path in inputs.editions),
        *((path, REGISTER) for path in inputs.registers),
        *((each.file, OWN_SHAPES) for each in options.shapes),
        (earlier, EARLIER),
        (waivers, WAIVERS),
    ]
    return Receipt(
        reports=tuple(each.to_report("zh") for each in checked),
        inputs=(
            *(ReceiptInput(document.source.name, document.sha256) for document in documents),
            *(file_to_input(path, role) for path, role in own if path is not None),
        ),
        engine=options.engine,
        moment=moment,
        compared=tuple(sorted(compared)),
        failures=failures,
    )
