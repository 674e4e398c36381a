"""Ten uploads at the same time: hostile and unfinished ones do not disturb others, and memory stays bounded."""

import io
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import docx
import httpx2
import pytest
from hostile import hostile_files
from small_disclosures import tabbed, table
from small_pages import HTML, Page
from small_service import running_service
from small_workbooks import saved, workbook

from server.http.metrics import memory_of_process
from server.pages.site import HtmlPages
from server.settings import MEBIBYTE, Settings

pytestmark = [pytest.mark.load, pytest.mark.usefixtures("pages")]

HOSTILE = ("bomb.xlsx", "locked.pdf", "script.html", "entities.docx")
HEADER = ("科目编码", "科目名称", "合计")
OFFICES = {"某县教育局": "1,201.50", "某县水利局": "2,302.25", "某县司法局": "3,403.75", "某县林业局": "4,504.05"}
TWO_TABLES = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | {total}\n20101 | 人大事务 | {total}"


def written(office: str, total: str) -> list[tuple[str, bytes]]:
    """The disclosure of an office, in the format of its own."""
    rows = (HEADER, ("201", "一般公共服务支出", total), ("20101", "人大事务", total))
    kind = list(OFFICES).index(office)
    if kind == 0:
        text = f"{office}2024年部门预算\n" + table(3, "支出总表", TWO_TABLES.format(total=total), office=office)
        return [("a.txt", tabbed(text).encode())]
    if kind == 1:
        return [("a.xlsx", saved(workbook({"表3": [(f"{office}2024年支出总表",), ("单位：元",), *rows]})))]
    if kind == 2:
        document = docx.Document()
        document.add_paragraph(f"{office}2024年部门预算")
        document.add_paragraph("表3 支出总表")
        document.add_paragraph("单位：元")
        grid = document.add_table(0, len(HEADER))
        for row in rows:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
        content = io.BytesIO()
        document.save(content)
        return [("a.docx", content.getvalue())]
    first = f"{office}2024年部门预算\n" + table(3, "支出总表", TWO_TABLES.format(total=total), office=office)
    return [("a.txt", tabbed(first).encode()), ("b.txt", f"{office}2024年预算说明\n支出预算{total}元。".encode())]


@contextmanager
def unfinished(address: httpx2.URL) -> Iterator[None]:
    """An upload whose second half never arrives."""
    with socket.create_connection((address.host, address.port), timeout=60) as connection:
        head = "POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"1" * 2**20
        connection.sendall(head.encode() + b"Content-Length: 9000000\r\n\r\n" + part)
        yield


def memory_of(process: str) -> int:
    """The resident memory of a process in bytes; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))


def children_of(process: str) -> list[str]:
    """The numbers of the children of a process."""
    found = list[str]()
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += file.read_text(encoding="ascii").split()
    return found


def is_checking(process: str) -> bool:
    """Whether a process checks files, or is the fork server of such processes."""
    with suppress(OSError):
        return b"server.checking." in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


class MemoryOfChildren:
    """The most memory that all checking processes of this process have together; measured in a thread."""

    def __init__(self) -> None:
        self.most = 0
        self.ended = threading.Event()

    def measure(self) -> None:
        """Measure until `ended`."""
        while not self.ended.wait(0.05):
            total = 0
            for child in children_of(str(os.getpid())):
                for process in (child, *children_of(child)):  # what is forked is a child of its fork server
                    total += memory_of(process) if is_checking(process) else 0
            self.most = max(self.most, total)


def test_ten_uploads_at_once_are_told_apart_within_limits_of_memory(
    pages_store: Path, record_property: Callable[[str, object], None]
) -> None:
    settings = Settings(pages_store, workers=1)
    bad, children = hostile_files(), MemoryOfChildren()
    measuring = threading.Thread(target=children.measure, daemon=True)
    with (
        running_service(settings, HtmlPages()) as address,
        httpx2.Client(base_url=address, headers=HTML, timeout=300) as client,
        ExitStack() as stack,
        ThreadPoolExecutor(8) as pool,
    ):
        before = memory_of_process()
        for _ in range(2):
            stack.enter_context(unfinished(client.base_url))
        measuring.start()
        uploads = {name: [(name, bad[name])] for name in HOSTILE}
        uploads |= {office: written(office, total) for office, total in OFFICES.items()}
        answers = {
            name: pool.submit(client.post, "/check", files=[("file", file) for file in files])
            for name, files in uploads.items()
        }
        responses = {name: answer.result() for name, answer in answers.items()}
        growth = memory_of_process() - before
        children.ended.set()
        measuring.join(60)
        assert client.get("/health").status_code == 200
    for name in HOSTILE:
        assert responses[name].status_code in (413, 422), name
        assert name in Page(responses[name].text).one("p", role="alert").text
    for office, total in OFFICES.items():
        response = responses[office]
        assert response.status_code == 200, (office, Page(response.text).one("p", role="alert").text)
        assert office in Page(response.text).one("h1").text
        assert total in response.text
        others = {each for each in OFFICES if each != office} | {OFFICES[each] for each in OFFICES if each != office}
        assert not [other for other in others if other in response.text]
    assert growth < 60 * MEBIBYTE
    assert 0 < children.most < 4 * settings.check_memory
    record_property("MiB of checking processes", children.most // MEBIBYTE)
    record_property("MiB more of the service", growth // MEBIBYTE)


def test_a_file_of_sixty_megabytes_is_refused_and_not_held_in_memory(pages_store: Path) -> None:
    content = b"%PDF-1.7\n" + b"0" * (60 * MEBIBYTE)
    with (
        running_service(Settings(pages_store, workers=1), HtmlPages()) as address,
        httpx2.Client(base_url=address, headers=HTML, timeout=300) as client,
    ):
        before = memory_of_process()
        for path in ("/check", "/validate"):
            response = client.post(path, files={"file": ("large.pdf", content)})
            assert response.status_code == 413
        assert memory_of_process() - before < 30 * MEBIBYTE
        assert client.get("/health").status_code == 200
