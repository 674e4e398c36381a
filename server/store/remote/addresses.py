"""The addresses of a SPARQL service that holds a store, as a settings file gives them.

[store]
query = "http://127.0.0.1:8890/sparql"
update = "http://127.0.0.1:8890/sparql-auth"
graphs = "http://127.0.0.1:8890/sparql-graph-crud-auth"
user = "yusuan"
password_file = "password"
authentication = "digest"
folder = "derived"
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from server.errors import ServiceAddressError

TABLE = "store"
NEEDED = ("query", "update", "graphs")
KNOWN = (*NEEDED, "user", "password_file", "authentication", "folder")
AUTHENTICATIONS = ("basic", "digest")
DERIVED_SUFFIX = ".derived"


@dataclass(frozen=True)
class ServiceAddresses:
    """A SPARQL service: its addresses for queries, updates and graphs, and how to log in.

    `file` is the settings file, `folder` the folder on this machine for what is derived from the store.
    """

    file: Path
    folder: Path
    query: str
    update: str
    graphs: str
    user: str = ""
    password: str = ""
    authentication: str = "basic"


def is_service(store: Path) -> bool:
    """Return whether a store is a SPARQL service: its path is that of a file, the settings file with its addresses."""
    return store.is_file()


def folder_of(store: Path) -> Path:
    """Return the folder on this machine of a store; raises ServiceAddressError for a file without addresses."""
    return read_addresses(store).folder if is_service(store) else store


def read_addresses(file: Path) -> ServiceAddresses:
    """Return the addresses in a settings file; raises ServiceAddressError for a file that does not give them."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get(TABLE)
    except (OSError, ValueError) as error:
        raise ServiceAddressError(path=file, reason=error) from error
    if not isinstance(table, dict):
        raise ServiceAddressError(path=file, reason=f"[{TABLE}]")
    wrong = [*sorted(table.keys() - set(KNOWN)), *(name for name in NEEDED if not _is_address(table.get(name)))]
    if table.get("authentication", "basic") not in AUTHENTICATIONS:
        wrong.append("authentication")
    if wrong or not all(isinstance(value, str) for value in table.values()):
        raise ServiceAddressError(path=file, reason=", ".join(wrong) or f"[{TABLE}]")
    given = {name: value for name, value in table.items() if name not in ("password_file", "folder")}
    folder = file.parent / table.get("folder", f"{file.stem}{DERIVED_SUFFIX}")
    return ServiceAddresses(file.absolute(), folder, password=_password(file, table), **given)


def _is_address(value: object) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).netloc)


def _password(file: Path, table: dict[str, str]) -> str:
    if "password_file" not in table:
        return ""
    try:
        return (file.parent / table["password_file"]).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ServiceAddressError(path=file, reason=error) from error
