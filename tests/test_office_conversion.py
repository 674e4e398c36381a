"""Old word-processor formats: read through LibreOffice where it is, else refused with a remedy."""

import hashlib
from pathlib import Path

import pytest
from small_disclosures import BUREAU

from converters import DocumentError, read_document
from converters.readers import office_conversion

RTF = (r"{\rtf1\ansi " + "".join(f"\\u{ord(c)}?" for c in f"{BUREAU}2024年部门预算") + r"\par Second\par}").encode(
    "ascii"
)


def saved(folder: Path, content: bytes = RTF) -> Path:
    path = folder / "budget.rtf"
    path.write_bytes(content)
    return path


def test_without_the_program_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError) as caught:
        read_document(saved(tmp_path))
    assert caught.value.key == "unread-rtf"


def test_a_program_that_gives_nothing_is_an_error_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n", encoding="ascii")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError) as caught:
        read_document(saved(tmp_path))
    assert caught.value.key == "word-damaged"


@pytest.mark.exhaustive
@pytest.mark.skipif(not office_conversion.has_office(), reason="LibreOffice is not installed")
def test_rich_text_is_read_through_the_program(tmp_path: Path) -> None:
    document = read_document(saved(tmp_path))
    assert [block.text for block in document.blocks] == [f"{BUREAU}2024年部门预算", "Second"]
    assert (document.format, document.sha256) == ("rtf", hashlib.sha256(RTF).hexdigest())
