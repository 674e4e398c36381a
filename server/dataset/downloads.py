"""Downloads at `/data/`: the current data, or the graph of one version, as one file in any format."""

import re
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from ontology.tabular.published_columns import DATA_TABLES, DESCRIPTIONS
from server.dataset.download_files import DownloadFiles, DownloadKey, generation_of
from server.errors import NotFoundError
from server.execution.evaluator import Evaluator, select
from server.exports.parquet_table import AVAILABLE
from server.exports.table_files import TABLE_WRITERS
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.http.disconnects import CancelOnDisconnect
from server.http.entity_tags import changed_at, download_tag
from server.http.file_response import KeptFileResponse
from server.serialization.media_types import content_type
from server.settings import Settings
from server.sparql.query_templates import fill_query, nodes
from server.store.generations import Generations

TYPES = {
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "ttl": "text/turtle",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = ("nq", "nt", "ttl", "csv", *(("parquet",) if AVAILABLE else ()))
"""The formats of all current data, and of a version."""
TABLE_FORMATS = tuple(name for name in TABLE_WRITERS if name != "parquet" or AVAILABLE)
"""The formats of the tables of facts, claims and findings."""
WORKBOOK = "xlsx"
"""The format of a version that is offered beside `FORMATS`: all data are too much for a workbook."""
VERSION = re.compile(r"disclosure/.+/v/[0-9a-f]{16}")

router = APIRouter(tags=["Catalogue"])


def get_download_files(request: Request) -> DownloadFiles:
    """Return the download files of this service."""
    files = request.app.state.download_files
    assert isinstance(files, DownloadFiles)
    return files


FilesOf = Annotated[DownloadFiles, Depends(get_download_files)]


@router.get("/data/{path:path}")
@router.head("/data/{path:path}")
async def download(
    request: Request, path: str, settings: SettingsOf, evaluator: EvaluatorOf, files: FilesOf
) -> Response:
    """Downloads of all current data, of its tables of facts, claims and findings, and of one version.

    `datapackage.json`, `croissant.json` and `facts.csv-metadata.json` (CSVW) describe the tables for machines;
    `current.FORMAT`, `facts.FORMAT`, `claims.FORMAT`, `findings.FORMAT`; `disclosure/…/v/….FORMAT` for a version,
    current or superseded.
    """
    name, _, form = path.rpartition(".")
    key = download_key(name, form, settings.base)
    if key is None:
        raise NotFoundError(iri=str(request.url))
    if key.version and not await is_there(settings, evaluator, key.version):
        raise NotFoundError(iri=key.version)
    media_type = content_type(TYPES[form])
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(name, form)}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
    }
    if request.method == "HEAD" and files.find(key) is None:
        response = Response(headers=headers, media_type=media_type)
        del response.headers["content-length"]
        return response
    keeping = files.open(key, request.state.account)
    async with CancelOnDisconnect(request.receive):
        file = await keeping.__aenter__()
    headers["ETag"] = download_tag(request.app.state.dataset, generation_of(file), request.scope["path"])
    headers["Last-Modified"] = format_datetime(changed_at(Generations(settings.store)), usegmt=True)
    return KeptFileResponse(file, keeping, headers, media_type)


def download_key(name: str, form: str, base: str) -> DownloadKey | None:
    """Return the content of the file `/data/NAME.FORM`; None if there is none."""
    if f"{name}.{form}" in DESCRIPTIONS:
        return DownloadKey(f"{name}.{form}")
    if name in DATA_TABLES:
        return DownloadKey(f"{name}.{form}") if form in TABLE_FORMATS else None
    if form == WORKBOOK and VERSION.fullmatch(name):
        return DownloadKey(f"claims.{form}", f"{base}id/{name}")
    if form not in FORMATS:
        return None
    if name == "current":
        return DownloadKey(form)
    return DownloadKey(form, f"{base}id/{name}") if VERSION.fullmatch(name) else None


async def is_there(settings: Settings, evaluator: Evaluator, version: str) -> bool:
    """Return whether the store has the version."""
    return bool(nodes([version])) and bool(
        await select(evaluator, fill_query("what_is_a_version_of", version=version), settings.base)
    )


def file_name(name: str, form: str) -> str:
    """Return the file name for saving the download."""
    return f"yusuan-{name.removeprefix('disclosure/').replace('/', '-')}.{form}"
