"""`yusuan serve`: the addresses it prints answer, and what keeps it from starting is said."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from ontology.messages import message
from server.settings import Settings
from yusuan.commands.service.serving import address_of, listen, serve


def test_the_printed_addresses_answer_until_it_is_interrupted(pages_store: Path, pages_address: str) -> None:
    command = [
        sys.executable,
        "-c",
        "from yusuan.commands.main import main; main()",
        "serve",
        "--store",
        str(pages_store),
    ]
    environment = {**os.environ, "YUSUAN_WORKERS": "1"}
    process = subprocess.Popen(
        [*command, "--port", "0", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stdout is not None
        page, endpoint = (process.stdout.readline().split()[-1] for _ in range(2))
        assert page != f"{pages_address}/"
        assert httpx2.get(page, headers={"Accept": "text/html"}).status_code == 200
        assert httpx2.get(endpoint, params={"query": "ASK {}", "format": "csv"}).text == "true"
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert errors == ""


def test_an_empty_store_and_a_taken_port_are_told_with_the_remedy(
    tmp_path: Path, pages_store: Path, pages_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        serve(Settings(tmp_path, port=0), "zh")
    assert capsys.readouterr().err == message("store-empty", "zh", store=tmp_path) + "\n"
    port = int(pages_address.rsplit(":", 1)[1])
    with pytest.raises(SystemExit, match="2"):
        serve(Settings(pages_store, port=port), "en")
    assert capsys.readouterr().err == message("port-taken", "en", port=port) + "\n"


def test_an_address_that_is_not_of_this_machine_is_no_taken_port(pages_store: Path) -> None:
    with pytest.raises(OSError, match="assign"):
        serve(Settings(pages_store, host="192.0.2.1", port=0), "en")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("budget.example.org", "http://budget.example.org:80"),
    ],
)
def test_the_address_printed_is_one_that_a_browser_here_can_open(host: str, address: str) -> None:
    assert address_of(host, 80) == address


def test_listening_sockets_say_that_they_are_tcp() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
