"""Keys: digests at rest, who may write, and the commands that make and revoke them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from small_service import running_application
from small_store import publish_small

from server.app import create_app
from server.errors import KeyFileError, KeyNameError
from server.http.client_keys import add_key, find_key, read_keys, revoke_key
from server.http.dependencies import KeyOf
from server.settings import Settings
from yusuan.commands.main import main

DAY = date(2025, 1, 2)


def test_a_key_is_known_again_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "keys"
    first, second = add_key(path, "office", DAY), add_key(path, "archive", DAY)
    text = path.read_text()
    assert first not in text
    assert first.removeprefix("yusuan_") not in text
    keys = read_keys(path)
    assert [(key.name, key.made) for key in keys] == [("office", DAY), ("archive", DAY)]
    assert find_key(keys, first) == keys[0]
    assert find_key(keys, second) == keys[1]
    for wrong in ("", first[:-1], first + "x", keys[0].digest, f"sha256:{keys[0].digest}", "预算", "\udcff"):
        assert find_key(keys, wrong) is None


def test_keys_do_not_repeat_and_are_long(tmp_path: Path) -> None:
    secrets = {add_key(tmp_path / "keys", f"k{number}", DAY) for number in range(20)}
    assert len(secrets) == 20
    assert all(len(secret) >= 43 for secret in secrets)


def test_a_revoked_key_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    secret, other = add_key(path, "office", DAY), add_key(path, "archive", DAY)
    revoke_key(path, "office")
    assert find_key(read_keys(path), secret) is None
    assert find_key(read_keys(path), other) is not None
    with pytest.raises(KeyNameError, match="office"):
        revoke_key(path, "office")


@pytest.mark.parametrize("name", ["office", "Office", "two words", "", "a" * 65, "line\nbreak"])
def test_a_name_that_is_taken_or_unusable_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "keys"
    add_key(path, "office", DAY)
    before = path.read_bytes()
    with pytest.raises(KeyNameError):
        add_key(path, name, DAY)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "line", ["office", "office 2025-01-02 secret", f"office 2025-13-02 sha256:{64 * '0'}", f"x y 2025-01-02 {64 * '0'}"]
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# comment\n\n{line}\n")
    with pytest.raises(KeyFileError, match=r"keys, line 3"):
        read_keys(path)


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────


def app_that_writes(settings: Settings) -> FastAPI:
    app = create_app(settings)

    @app.put("/written")
    async def write(key: KeyOf) -> str:
        return key.name

    return app


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small(tmp_path_factory.mktemp("keys") / "store").path


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def client(store: Path, keys: Path) -> Iterator[httpx2.Client]:
    with (
        running_application(app_that_writes(Settings(store, workers=1, keys=keys))) as address,
        httpx2.Client(base_url=address) as client,
    ):
        yield client


def test_a_write_takes_a_key_and_a_revoked_one_is_refused_at_once(client: httpx2.Client, keys: Path) -> None:
    secret = add_key(keys, "office", DAY)
    headers = {"Authorization": f"bearer {secret}"}
    assert client.put("/written", headers=headers).json() == "office"
    refused = [client.put("/written")]
    refused += [
        client.put("/written", headers={b"Authorization": value.encode()})
        for value in (f"Bearer {secret}x", secret, f"Basic {secret}", "Bearer", "Bearer " + "é" * 9)
    ]
    revoke_key(keys, "office")
    refused.append(client.put("/written", headers=headers))
    for response in refused:
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == 'Bearer realm="Yusuan", Basic realm="Yusuan", charset="UTF-8"'
        assert secret not in response.text


def test_a_broken_file_lets_nobody_in_and_is_not_shown(client: httpx2.Client, keys: Path) -> None:
    secret = add_key(keys, "office", DAY)
    keys.write_text(keys.read_text() + "broken\n")
    response = client.put("/written", headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 500
    assert str(keys) not in response.text


def test_where_there_are_no_keys_nobody_writes(store: Path) -> None:
    with running_application(app_that_writes(Settings(store, workers=1))) as address:
        response = httpx2.put(f"{address}/written", headers={"Authorization": "Bearer yusuan_x"})
    assert response.status_code == 403


# ── The commands ────────────────────────────────────────────────────────────────────────────────


def test_the_commands_add_list_and_revoke(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    run = CliRunner().invoke
    nothing = run(main, ["keys", "list", "--file", str(path), "--lang", "en"])
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    added = run(main, ["keys", "add", "office", "--file", str(path), "--lang", "en"])
    assert added.exit_code == 0
    secret = added.stdout.strip()
    assert find_key(read_keys(path), secret) is not None
    assert "shown only once" in added.stderr
    listed = run(main, ["keys", "list"], env={"YUSUAN_KEYS": str(path)})
    assert listed.stdout.split()[1:] == ["office"]
    assert run(main, ["keys", "add", "office", "--file", str(path)]).exit_code == 2
    assert run(main, ["keys", "revoke", "office", "--file", str(path)]).exit_code == 0
    assert read_keys(path) == ()
    missing = run(main, ["keys", "revoke", "office", "--file", str(path), "--lang", "zh"])
    assert missing.exit_code == 2
    assert "office" in missing.stderr
