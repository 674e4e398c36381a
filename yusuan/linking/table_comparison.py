"""The comparison of two tables by Splink on DuckDB."""

from __future__ import annotations

import logging
import tempfile

import duckdb
import duckdb.sqltypes
import numpy as np
import pandas as pd
import pyarrow as pa
from duckdb.func import PythonUDFType
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq
from splink import DuckDBAPI, Linker

from yusuan.linking.features import FEATURES, SIMILARITY
from yusuan.linking.model import LinkModel

_PART, _SEQUENCE = 0.97, 0.9
"""What a part of a name, and characters in order, are worth beside the whole name."""
MEMORY = "1GB"
"""The memory that DuckDB may use; what is more is written to a temporary folder."""
LEVELS = tuple(f"gamma_{feature.name}" for feature in FEATURES)


def compare_tables(
    lines: pd.DataFrame, notices: pd.DataFrame, model: LinkModel, threads: int | None = None
) -> pd.DataFrame:
    """Return the pairs that are compared: line, notice, match weight (log2 odds), and the level of each feature.

    The columns are `line`, `notice`, `weight` and `gamma_<feature>` (the last level is 0, a missing feature -1).
    """
    logging.getLogger("splink").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as spilled, duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET temp_directory = $folder", {"folder": spilled})
        if threads is not None:
            connection.execute(f"SET threads = {threads}")
        connection.create_function(
            SIMILARITY,
            _similarity_of_arrays,
            [duckdb.sqltypes.VARCHAR, duckdb.sqltypes.VARCHAR],
            duckdb.sqltypes.DOUBLE,
            type=PythonUDFType.ARROW,
        )
        api = DuckDBAPI(connection)
        tables = [
            api.register(pa.Table.from_pandas(table, preserve_index=False), dataset_display_name=name)
            for name, table in (("a_lines", lines), ("b_notices", notices))
        ]
        linker = Linker(tables, model.settings(), log_level=None)
        predicted = linker.inference.predict()
        pairs: pd.DataFrame = predicted.as_pandas_dataframe()  # type: ignore[no-untyped-call]  # splink has few types
    found = pairs.rename(columns={"unique_id_l": "line", "unique_id_r": "notice", "match_weight": "weight"})
    return found.loc[:, ["line", "notice", "weight", *LEVELS]]


def similarity(one: str, other: str) -> float:
    """Return how alike two names are, 0 to 100: whole, as a part, and by characters in the same order."""
    return float(_similarities([one], [other])[0])


def _similarities(ones: list[str], others: list[str]) -> NDArray[np.float64]:
    shorter = np.array([min(len(one), len(other)) for one, other in zip(ones, others, strict=True)], dtype=float)
    whole = process.cpdist(ones, others, scorer=fuzz.ratio)
    part = process.cpdist(ones, others, scorer=fuzz.partial_ratio)
    order = process.cpdist(ones, others, scorer=LCSseq.similarity) / shorter * 100
    best: NDArray[np.float64] = np.maximum.reduce([whole, part * _PART, order * _SEQUENCE])
    return best


def _similarity_of_arrays(ones: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.Array:
    return pa.array(_similarities(ones.to_pylist(), others.to_pylist()).astype(float), pa.float64())
