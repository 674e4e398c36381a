"""The processes of a service do their work where none is forked: other tests fork them, which loads what they need."""

import time
from pathlib import Path

import pytest
from small_pages import wait_until_counted
from small_service import WITH_PROCESSES
from small_writable import writable_instance

from server.processes.runner import running_task

TRIPLE = "<http://example.org/s> <http://example.org/p> 1"


def test_a_service_writes_counts_indexes_and_makes_downloads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WITH_PROCESSES:
        monkeypatch.setattr(f"{name}.running_task", running_task)
    with writable_instance(tmp_path) as instance:
        client = instance.client
        assert client.post("/sparql", data={"update": f"INSERT DATA {{ {TRIPLE} }}"}).status_code == 204
        assert instance.asks(f"ASK {{ {TRIPLE} }}")
        assert client.get("/data/current.nt").status_code == 200
        wait_until_counted(client)
        turtle = {"Accept": "text/turtle"}
        assert "void:triples" in client.get("/void", headers=turtle).text
        for asked, told in (("/search.json?q=a", '"results"'), ("/catalogue", "byteSize")):
            for _ in range(100):
                answer = client.get(asked, headers=turtle)
                if answer.status_code == 200 and told in answer.text:
                    break
                time.sleep(0.2)
            assert told in answer.text
