"""The settings of a service.

Each setting has one name: a field here, a key of the settings file (TOML), and a variable of the environment
(`YUSUAN_` and the name in capitals, with one exception), which overrides the file.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from ontology.messages import message
from ontology.namespaces import DEFAULT_BASE
from server.networks import LOOPBACK, Network, parse_networks

MEBIBYTE = 2**20
PREFIX = "YUSUAN_"
LEAST_WORKERS = 2

# Kinds of settings: how they are written in a file and in the environment.
TEXT, WHOLE, SECONDS, NUMBER, SIZE, FILE, FILES, NETWORKS, NAMES, SWITCH, CHOICE = (
    *("text", "whole number", "seconds", "number", "MiB", "path", "list of paths", "list of addresses and networks"),
    *("list of host names", "true or false", "choice"),
)
LISTS = (FILES, NETWORKS, NAMES)
LOGS = ("off", "text", "json")
MOST = {WHOLE: 2**53, SECONDS: 10**9, NUMBER: 2**53, SIZE: 2**53}  # beyond which the system cannot follow
MAY_BE_ZERO = ("queue_length", "port", "rate", "at_once", "answer_cache")
LAST_PORT = 65535
OF_THE_COMMAND = ("YUSUAN_SETTINGS",)


class SettingError(ValueError):
    """A setting that is unknown or impossible; `key` names a message; the other arguments fill its slots."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.slots = values

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """Return what is wrong and which values are accepted, in `language` ("zh" or "en")."""
        return message(self.key, language, **self.slots)


@dataclass(frozen=True, slots=True)
class Setting:
    """The kind of a setting, its explanation, and its variable if that has a name of its own."""

    kind: str
    explanation: str
    variable: str = ""


def processors() -> int:
    """Return the number of processors, but at least two, so that one runaway query does not stop all others."""
    return max(LEAST_WORKERS, os.cpu_count() or 1)


@dataclass(frozen=True)
class Settings:
    """The settings of one service; impossible values raise SettingError. Times are in seconds, sizes in bytes."""

    store: Annotated[Path, Setting(FILE, "Folder of the store, or settings file of a service.")] = Path("data")
    base: Annotated[str, Setting(TEXT, "Prefix of all addresses of the data.")] = DEFAULT_BASE
    workers: Annotated[int, Setting(WHOLE, "Worker processes in which every query begins.")] = field(
        default_factory=processors
    )
    query_timeout: Annotated[float, Setting(SECONDS, "Longest time of a query, waiting included.")] = 30.0
    query_memory: Annotated[int, Setting(SIZE, "Memory that a query may use beyond the opened store.")] = (
        1024 * MEBIBYTE
    )
    query_length: Annotated[int, Setting(WHOLE, "Longest query, in bytes; longer ones get 413.")] = 256 * 1024
    queue_length: Annotated[
        int, Setting(WHOLE, "Queries that may wait for a worker; the next one gets 503 at once.")
    ] = 32
    long_workers: Annotated[
        int,
        Setting(
            WHOLE,
            "Processes of low priority for queries that run longer than `short_time` while others wait; a client may "
            "have half of them.",
        ),
    ] = field(default_factory=processors)
    short_time: Annotated[
        float, Setting(SECONDS, "Time after which a query gives way to waiting ones; it continues later.")
    ] = 1.0
    keys: Annotated[Path | None, Setting(FILE, "File of keys with which clients may write; without it nobody may.")] = (
        None
    )
    write_timeout: Annotated[float, Setting(SECONDS, "What an update or a graph may take to be written.")] = 60.0
    write_length: Annotated[int, Setting(SIZE, "Longest update or graph; longer ones get 413.")] = 64 * MEBIBYTE
    codes: Annotated[
        Path | None, Setting(FILE, "Folder of imported code lists; uploaded files are checked against them too.")
    ] = None
    registers: Annotated[
        tuple[Path, ...],
        Setting(FILES, "Registers of organisations; uploaded files are checked against them too.", "YUSUAN_REGISTER"),
    ] = ()
    check_timeout: Annotated[
        float, Setting(SECONDS, "What checking an uploaded file may take; one that takes longer gets 503.")
    ] = 60.0
    check_memory: Annotated[
        int, Setting(SIZE, "Memory that checking an uploaded file may use; one that needs more gets 413.")
    ] = 512 * MEBIBYTE
    kept_results: Annotated[
        Path | None,
        Setting(FILE, "Folder for results of checks that users ask to keep. Not set: they are gone with the service."),
    ] = None
    kept_days: Annotated[float, Setting(NUMBER, "Days for which such a result is kept.")] = 7.0
    kept_space: Annotated[int, Setting(SIZE, "Disk space for such results; the oldest make room for new ones.")] = (
        512 * MEBIBYTE
    )
    host: Annotated[str, Setting(TEXT, "Address to listen at; 0.0.0.0 lets other machines in.")] = "127.0.0.1"
    port: Annotated[int, Setting(WHOLE, "Port to listen at; 0 takes a free one.")] = 8000
    root: Annotated[
        str, Setting(TEXT, "Path under which a proxy serves this, such as /budgets; the proxy takes it off.")
    ] = ""
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Setting(NETWORKS, "Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."),
    ] = ()
    hosts: Annotated[
        tuple[str, ...],
        Setting(
            NAMES,
            "Names by which clients reach the service, the public one first, such as data.example.org; links in "
            "contexts, catalogues and sitemaps repeat no others. *: any name.",
        ),
    ] = ()
    rate: Annotated[
        float | None,
        Setting(
            NUMBER,
            "Requests a second that a client may send in the long run; more get 429; 0: any number. Not set: 20 for "
            "other machines, any number for this one.",
        ),
    ] = None
    at_once: Annotated[
        int | None,
        Setting(
            WHOLE,
            "Requests of one client that may be at work at a time, of whatever kind; more get 429; 0: any number. Not "
            "set: 10 for other machines, any number for this one.",
        ),
    ] = None
    burst: Annotated[int, Setting(WHOLE, "Requests that a client may send at once.")] = 200
    metrics_for: Annotated[tuple[Network, ...], Setting(NETWORKS, "Who may read /metrics.")] = LOOPBACK
    log: Annotated[str, Setting(CHOICE, "Log of requests on standard error: off (errors only), text or json.")] = "off"
    log_queries: Annotated[bool, Setting(SWITCH, "Whether the log contains query strings.")] = False
    connections: Annotated[int, Setting(WHOLE, "Connections at a time; more get 503.")] = 1000
    address_length: Annotated[int, Setting(WHOLE, "Longest address of a request, in bytes; longer ones get 414.")] = (
        64 * 1024
    )
    header_length: Annotated[int, Setting(WHOLE, "Longest headers of a request, in bytes; longer ones get 431.")] = (
        32 * 1024
    )
    receive_timeout: Annotated[
        float, Setting(SECONDS, "What the headers, and then the body, of a request may take; slower ones get 408.")
    ] = 20.0
    send_timeout: Annotated[
        float, Setting(SECONDS, "What a client may take to accept 256 KiB; a slower one loses its connection.")
    ] = 10.0
    stall_timeout: Annotated[
        float,
        Setting(
            SECONDS,
            "How long a slow client may keep a worker waiting while other queries wait for one; if it takes 256 KiB in "
            "each `send_timeout`, it may for that long.",
        ),
    ] = 2.0
    stop_timeout: Annotated[float, Setting(SECONDS, "What running queries are given when the service stops.")] = 30.0
    answer_cache: Annotated[int, Setting(SIZE, "Memory for answers given before; 0: none are kept.")] = 64 * MEBIBYTE
    download_space: Annotated[
        int, Setting(SIZE, "Disk space for files to download that have been made; those used last are kept.")
    ] = 4096 * MEBIBYTE
    answer_ahead: Annotated[
        int, Setting(SIZE, "Bytes of one answer that are kept for a slow client, so that its worker is free.")
    ] = 8 * MEBIBYTE
    answers_ahead: Annotated[int, Setting(SIZE, "Bytes kept for all slow clients together.")] = 128 * MEBIBYTE

    def __post_init__(self) -> None:
        for name, about in KNOWN.items():
            value = getattr(self, name)
            if about.kind not in MOST or value is None:
                continue
            most = LAST_PORT if name == "port" else MOST[about.kind]
            if not 0 <= value <= most or (value == 0 and name not in MAY_BE_ZERO):
                least = "setting-not-negative" if name in MAY_BE_ZERO else "setting-positive"
                raise SettingError(least, name=name, value=value, most=most)
        if not (self.base.startswith(("http://", "https://")) and self.base.endswith("/")):
            raise SettingError("setting-base", name="base", value=self.base)
        if self.root and (not self.root.startswith("/") or self.root.endswith("/")):
            raise SettingError("setting-root", name="root", value=self.root)
        if self.log not in LOGS:
            raise SettingError("setting-log", name="log", value=self.log, known=", ".join(LOGS))


KNOWN: Mapping[str, Setting] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()
}


def settings_from_environment(store: Path, environment: Mapping[str, str]) -> Settings:
    """Return the settings for a store, with what the variables YUSUAN_* say; call it where the program begins."""
    return read_settings(None, environment, store=store)


def read_settings(file: Path | None, environment: Mapping[str, str], **given: object) -> Settings:
    """The settings of a file, overridden by the environment, overridden by what is `given` here (None: not given).

    Raises OSError for a file that cannot be read, ValueError for one that is no TOML, SettingError for what is unknown
    or impossible in it or in the environment.
    """
    written: dict[str, object] = {}
    if file is not None:
        with file.open("rb") as opened:
            written = tomllib.load(opened)
        if isinstance(written.get("store"), dict):  # the addresses of a service, which the store reads
            written["store"] = str(file)
    unknown = sorted(written.keys() - KNOWN.keys())
    if unknown:
        raise SettingError("setting-unknown", names=", ".join(unknown), known=", ".join(KNOWN))
    known = [variable_of(name) for name in KNOWN]
    unknown = sorted(
        name
        for name, text in environment.items()
        if text and name.startswith(PREFIX) and name not in (*known, *OF_THE_COMMAND)
    )
    if unknown:
        raise SettingError("setting-unknown", names=", ".join(unknown), known=", ".join(known))
    variables = {name: environment.get(variable_of(name), "") for name in KNOWN}
    values = {name: parse_setting(name, value) for name, value in written.items()}
    values |= {name: parse_setting(name, text) for name, text in variables.items() if text}
    values |= {name: value for name, value in given.items() if value is not None}
    return Settings(**values)


def variable_of(name: str) -> str:
    """Return the variable of the environment for a setting."""
    return KNOWN[name].variable or PREFIX + name.upper()


def parse_setting(name: str, value: object) -> Any:
    """Return a value as it is written, text in the environment, as the settings hold it; raises SettingError."""
    kind = KNOWN[name].kind
    try:
        return _parse(kind, value)
    except (TypeError, ValueError, OverflowError) as error:
        raise SettingError(f"setting-{kind.replace(' ', '-').lower()}", name=name, value=value) from error


def _parse(kind: str, value: object) -> object:
    if isinstance(value, list) != (kind in LISTS and not isinstance(value, str)):
        raise TypeError
    return PARSERS.get(kind, str)(value)


def _switch(value: object) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise ValueError
    return text in ("true", "1")


def _whole(value: object) -> int:
    return int(str(value))


def _number(value: object) -> float:
    return float(str(value))


def _mebibytes(value: object) -> int:
    return int(float(str(value)) * MEBIBYTE)


def _path(value: object) -> Path:
    return Path(str(value))


def _paths(value: object) -> tuple[Path, ...]:
    return tuple(map(Path, value if isinstance(value, list) else str(value).split(os.pathsep)))


def _networks(value: object) -> tuple[Network, ...]:
    return parse_networks(map(str, value) if isinstance(value, list) else str(value).split(","))


def _names(value: object) -> tuple[str, ...]:
    names = map(str, value) if isinstance(value, list) else str(value).split(",")
    return tuple(name.strip() for name in names if name.strip())


PARSERS: Mapping[str, Callable[[object], object]] = {
    WHOLE: _whole,
    SECONDS: _number,
    NUMBER: _number,
    SIZE: _mebibytes,
    FILE: _path,
    FILES: _paths,
    NETWORKS: _networks,
    NAMES: _names,
    SWITCH: _switch,
}
