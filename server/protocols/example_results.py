"""The results of the example queries as files: `/query/NAME.csv`, with parameters as in `/query/NAME?year=2024`."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ontology.example_queries import ExampleQuery, ParameterError, load_examples
from ontology.tabular.published_columns import BOOLEAN, DECIMAL, INTEGER, DataColumn, DataTable, Row, Value
from ontology.tabular.result_types import common_type, datatype_to_type
from server.errors import NotAcceptableError, NotFoundError, ParameterValueError
from server.execution.evaluator import JSON_RESULTS, Evaluator, Question
from server.exports.parquet_table import AVAILABLE, PLACES, write_parquet_table
from server.exports.xlsx_table import write_xlsx_table
from server.http.compression import likes_gzip
from server.http.dependencies import EvaluatorOf, SettingsOf
from server.http.responses import ask
from server.known_parameters import unknown_parameter
from server.protocols.sparql import answer
from server.settings import Settings

_MEDIA_TYPES = {
    "csv": "text/csv",
    "json": JSON_RESULTS,
    "tsv": "text/tab-separated-values",
    "xml": "application/sparql-results+xml",
}
_FILE_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHEET_NAME = 31
RESULT_FORMS = (*sorted((*_MEDIA_TYPES, *_FILE_TYPES)),)
"""The suffixes of the addresses of results."""
OFFERED_FORMS = tuple(form for form in RESULT_FORMS if form != "parquet" or AVAILABLE)
"""Those that pages offer: Parquet needs the extra `parquet`."""
router = APIRouter(tags=["Example queries"])


def find_example(iri: str, base: str) -> ExampleQuery:
    """Return the example query of an IRI. Raise NotFoundError if there is none."""
    for example in load_examples(base):
        if example.iri == iri:
            return example
    raise NotFoundError(iri=iri)


def filled_query(example: ExampleQuery, values: Mapping[str, str]) -> str:
    """Return an example query with values of parameters by name. Raise ParameterValueError if one does not fit."""
    try:
        return example.fill(values)
    except ParameterError as error:
        parameter = error.parameter
        raise ParameterValueError(
            value=error.value, name=parameter.name, label=parameter.label, hint=parameter.hint
        ) from error


def refuse_unknown(example: ExampleQuery, names: Collection[str], also: Sequence[str] = ()) -> None:
    """Raise UnknownParameterError for the first name that is no parameter of an example query, nor one of `also`."""
    known = (*also, *(parameter.name for parameter in example.parameters))
    for name in names:
        if name not in known:
            raise unknown_parameter(name, known)


async def results(request: Request, name: str, form: str, settings: Settings, evaluator: Evaluator) -> Response:
    """Return the results of the example query `name` in a form, with the parameters of the address."""
    example = find_example(f"{settings.base}query/{name}", settings.base)
    refuse_unknown(example, request.query_params.keys())
    query = filled_query(example, request.query_params)
    if form in _FILE_TYPES:
        return await table_file(request, query, name, form, settings, evaluator)
    question = Question(
        query=query,
        base=settings.base,
        results=_MEDIA_TYPES[form],
        parse_only=request.method == "HEAD",
        gzip=likes_gzip(request.headers),
    )
    return await answer(request, question, settings, evaluator)


async def table_file(
    request: Request, query: str, name: str, form: str, settings: Settings, evaluator: Evaluator
) -> Response:
    """Return the results of a query as Parquet or a workbook. Raise NotAcceptableError without the extra `parquet`."""
    if form == "parquet" and not AVAILABLE:
        raise NotAcceptableError(offered=", ".join(_MEDIA_TYPES.values()))
    begun = await ask(request, evaluator, Question(query=query, base=settings.base, results=JSON_RESULTS))
    try:
        body = b"".join([chunk async for chunk in begun])
    finally:
        await begun.close()
    written = await run_in_threadpool(results_to_file, body, name, form)
    return Response(written, media_type=_FILE_TYPES[form])


def results_to_file(results: bytes, name: str, form: str) -> bytes:
    """Convert SPARQL results in JSON to Parquet, or to a workbook (`xlsx`) with the sheet `name`.

    Years and integers are whole numbers, other numbers are decimals, in Parquet with ten places.
    """
    read = json.loads(results)
    names, bindings = read["head"]["vars"], read["results"]["bindings"]
    types = {name: {_type(row[name]) for row in bindings if name in row} for name in names}
    columns = [DataColumn(name, common_type(types[name])) for name in names]
    rows: list[Row] = [{c.name: _value(row.get(c.name), c.type) for c in columns} for row in bindings]
    output = io.BytesIO()
    if form == "xlsx":
        write_xlsx_table(DataTable(name[:_SHEET_NAME], "", tuple(columns)), rows, output, described=False)
    else:
        write_parquet_table(columns, rows, output)
    return output.getvalue()


def _type(term: Mapping[str, str]) -> str:
    """The type of a term; numbers beyond 32 bits are decimals."""
    type = datatype_to_type(term.get("datatype"))
    return DECIMAL if type == INTEGER and abs(int(term["value"])) >= 2**31 else type


def _value(term: Mapping[str, str] | None, type: str) -> Value:
    if term is None:
        return None
    text = term["value"]
    if type == DECIMAL:
        number = Decimal(text)
        return round(number, PLACES) if number.is_finite() else None
    if type == INTEGER:
        return int(text)
    return text in ("true", "1") if type == BOOLEAN else text


def _add_routes(form: str) -> None:
    async def route(request: Request, name: str, settings: SettingsOf, evaluator: EvaluatorOf) -> Response:
        return await results(request, name, form, settings, evaluator)

    router.add_api_route(
        f"/query/{{name}}.{form}",
        route,
        methods=["GET", "HEAD"],
        name=f"example_results_{form}",
        description="The results of an example query, with the parameters of the address.",
        include_in_schema=False,
    )


for _form in RESULT_FORMS:
    _add_routes(_form)
