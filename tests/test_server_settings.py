"""Settings: defaults, the environment, and what is refused."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_store import publish_small

from ontology.messages import LANGUAGES, message
from server.errors import BY_KEY, QueryTimeoutError, ServiceError
from server.settings import KNOWN, MEBIBYTE, SettingError, Settings, settings_from_environment
from yusuan.commands.main import main

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
        ("YUSUAN_QUERY_TIMEOUT", "nan"),
        ("YUSUAN_QUERY_TIMEOUT", "inf"),
        ("YUSUAN_RATE", "nan"),
        ("YUSUAN_RATE", "inf"),
        ("YUSUAN_QUERY_MEMORY", "nan"),
        ("YUSUAN_QUERY_MEMORY", "inf"),
        ("YUSUAN_QUERY_MEMORY", "1e300"),
        ("YUSUAN_PORT", "65536"),
        ("YUSUAN_LOG", "loud"),
        ("YUSUAN_ROOT", "budgets/"),
        ("YUSUAN_LOG_QUERIES", "perhaps"),
        ("YUSUAN_METRICS_FOR", "everybody"),
    ],
)
def test_impossible_values_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError) as caught:
        settings_from_environment(STORE, {name: value})
    for language in LANGUAGES:
        assert name.removeprefix("YUSUAN_").lower() in caught.value.text(language)
    assert caught.value.text("zh") != caught.value.text("en")
    if value != "1e300":
        assert value in str(caught.value)


def test_a_variable_that_is_no_setting_is_refused() -> None:
    with pytest.raises(SettingError, match="YUSUAN_BOGUS"):
        settings_from_environment(STORE, {"YUSUAN_BOGUS": "1"})
    assert settings_from_environment(STORE, {"YUSUAN_SETTINGS": "file", "OTHER": "1"}) == Settings(STORE)


@pytest.mark.parametrize("kind", sorted({about.kind for about in KNOWN.values()}))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_setting_says_what_it_wants(kind: str, language: str) -> None:
    key = f"setting-{kind.replace(' ', '-').lower()}"
    assert "'?'" in message(key, language, name="name", value="?")


@pytest.mark.parametrize(("language", "remedy"), [("zh", "请先运行"), ("en", "Create it with")])
def test_keys_that_are_not_there_keep_the_service_from_starting(tmp_path: Path, language: str, remedy: str) -> None:
    publish_small(tmp_path / "store")
    settings = tmp_path / "settings.toml"
    settings.write_text(f'store = "{tmp_path}/store"\nkeys = "{tmp_path}/keys"\nport = 0\n', encoding="utf-8")
    done = CliRunner().invoke(main, ["serve", "--settings", str(settings), "--lang", language])
    assert done.exit_code == 2
    assert f"{tmp_path}/keys" in done.stderr
    assert remedy in done.stderr


SLOTS = (
    *("allowed", "asked", "column", "detail", "given", "hint", "id", "label", "iri", "limit", "reason"),
    *("line", "made", "mebibytes", "method", "name", "offered", "path", "seconds", "term", "value"),
    *("address", "count", "file", "known", "most", "query", "rows", "text", "word"),
)


@pytest.mark.parametrize("error", BY_KEY.values(), ids=lambda error: str(error.key))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_message(error: type[ServiceError], language: str) -> None:
    assert message(error.key, language, **{slot: slot for slot in SLOTS})


def test_an_error_reads_as_its_english_message() -> None:
    assert str(QueryTimeoutError(seconds=3)).startswith("The query took longer than 3 seconds")
