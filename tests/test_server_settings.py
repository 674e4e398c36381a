"""Settings: defaults, the environment, and what is refused."""

import os
from pathlib import Path

import pytest

from ontology.messages import LANGUAGES, message
from server.errors import STATUS, QueryTimeoutError, ServiceError
from server.settings import MEBIBYTE, Settings, settings_from_environment

STORE = Path("store")


def test_without_an_environment_the_defaults_hold() -> None:
    assert settings_from_environment(STORE, {"YUSUAN_WORKERS": ""}) == Settings(STORE)


def test_the_environment_sets() -> None:
    environment = {
        "YUSUAN_BASE": "https://example.org/",
        "YUSUAN_WORKERS": "4",
        "YUSUAN_QUERY_TIMEOUT": "1.5",
        "YUSUAN_QUERY_MEMORY": "256",
        "YUSUAN_QUERY_LENGTH": "1000",
        "YUSUAN_KEYS": "keys",
        "YUSUAN_CODES": "codes",
        "YUSUAN_REGISTER": os.pathsep.join(["one.ttl", "two.ttl"]),
    }
    assert settings_from_environment(STORE, environment) == Settings(
        STORE,
        "https://example.org/",
        4,
        1.5,
        256 * MEBIBYTE,
        1000,
        keys=Path("keys"),
        codes=Path("codes"),
        registers=(Path("one.ttl"), Path("two.ttl")),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YUSUAN_WORKERS", "0"),
        ("YUSUAN_WORKERS", "many"),
        ("YUSUAN_QUERY_TIMEOUT", "-1"),
        ("YUSUAN_BASE", "https://example.org"),
        ("YUSUAN_BASE", "example.org/"),
    ],
)
def test_impossible_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"base|workers|query_timeout|many"):
        settings_from_environment(STORE, {name: value})


SLOTS = (
    *("allowed", "column", "detail", "given", "id", "iri", "limit", "reason"),
    *("line", "mebibytes", "method", "name", "offered", "path", "seconds", "term"),
)


@pytest.mark.parametrize("error", STATUS, ids=lambda error: str(error.key))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_message(error: type[ServiceError], language: str) -> None:
    assert message(error.key, language, **{slot: slot for slot in SLOTS})


def test_an_error_reads_as_its_english_message() -> None:
    assert str(QueryTimeoutError(seconds=3)).startswith("The query took longer than 3 seconds")
