"""Old word-processor formats: read through LibreOffice where it is, else refused with a remedy."""

import hashlib
import time
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import docx
import pytest
from small_disclosures import BUREAU

from converters import DocumentError, read_document
from converters.readers import ENDINGS, known_endings, office_conversion, read_content

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


def install(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a shell script in the place of LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{program}\n", encoding="ascii")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_uploaded_bytes_are_read_through_the_program_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = docx.Document()
    letter.add_paragraph("First")
    letter.save(str(tmp_path / "made.docx"))
    install(f"cp {tmp_path}/made.docx $6/source.docx", tmp_path, monkeypatch)
    document = read_content(Path("uploaded.rtf"), RTF)
    assert [block.text for block in document.blocks] == ["First"]
    assert (document.format, document.sha256) == ("rtf", hashlib.sha256(RTF).hexdigest())


def test_the_formats_offered_are_those_that_can_be_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert known_endings() == ENDINGS
    install("exit 0", tmp_path, monkeypatch)
    assert set(known_endings()) - set(ENDINGS) == {".doc", ".odt", ".rtf", ".wps"}


def test_a_program_that_takes_too_long_ends_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_conversion, "_SECONDS", 0.5)
    install(f"sleep 60 & echo $! >{tmp_path}/started\nwait", tmp_path, monkeypatch)
    with pytest.raises(DocumentError) as caught:
        read_content(Path("uploaded.rtf"), RTF)
    assert caught.value.key == "word-damaged"
    started = int((tmp_path / "started").read_text())
    patience = time.monotonic() + 10
    while is_running(started) and time.monotonic() < patience:
        time.sleep(0.01)
    assert not is_running(started)


def is_running(process: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


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


TEXT_NAMESPACES = " ".join(
    f'xmlns:{name}="{namespace}"'
    for name, namespace in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)


ODT = "application/vnd.oasis.opendocument.text"
MANIFEST = (
    '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" m:version="1.2">'
    f'<m:file-entry m:full-path="/" m:version="1.2" m:media-type="{ODT}"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)


def linking(path: Path) -> bytes:
    """An OpenDocument text with a section whose content is another file."""
    link = f'<text:section-source xlink:type="simple" xlink:href="{path.as_uri()}" text:filter-name="Text"/>'
    section = f'<text:section text:name="S">{link}<text:p>Kept</text:p></text:section>'
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("mimetype", ODT)
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr(
            "content.xml",
            f'<office:document-content {TEXT_NAMESPACES} office:version="1.2"><office:body><office:text>{section}'
            "</office:text></office:body></office:document-content>",
        )
    return content.getvalue()


@pytest.mark.exhaustive
@pytest.mark.skipif(not office_conversion.has_office(), reason="LibreOffice is not installed")
def test_a_document_brings_in_no_other_file(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Secret", encoding="ascii")
    document = read_content(Path("linking.odt"), linking(other))
    assert [block.text for block in document.blocks] == ["Kept"]
