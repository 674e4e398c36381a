"""The notebook and the R script of the examples give the sums that the example prints."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from small_disclosures import example

from converters import conversion_to_fact_rows
from ontology.tabular.published_columns import FACTS
from server.exports.table_files import table_to_bytes

TOTAL = 14835573.24


@pytest.fixture(scope="module")
def answers(example_store: Path, root: Path) -> dict[str, Any]:
    """The variables of the notebook after all its cells."""
    mpl.use("agg")
    notebook = json.loads((root / "examples" / "eight-questions.ipynb").read_text(encoding="utf-8"))
    variables: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(example_store.parent)
        if not Path("data").exists():
            Path("data").symlink_to(example_store)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), "eight-questions.ipynb", "exec"), variables)
    variables["charts"] = len(variables["plt"].get_fignums())
    variables["plt"].close("all")
    return variables


def test_the_notebook_answers_eight_questions_with_charts(answers: dict[str, Any]) -> None:
    assert answers["charts"] == 8
    assert answers["spending"].amount[0] == TOTAL
    for name in ("classes", "items", "kinds", "crossed"):
        assert round(answers[name].amount.sum(), 2) == TOTAL, name
    assert round(answers["economic"].amount.sum(), 2) == 14240573.24
    assert answers["three_public"].amount[0] == 160000
    assert "420107/2024/budget/108" in answers["refused"]


def test_the_notebook_is_kept_without_results(root: Path) -> None:
    notebook = json.loads((root / "examples" / "eight-questions.ipynb").read_text(encoding="utf-8"))
    assert not [cell for cell in notebook["cells"] if cell.get("outputs") or cell.get("execution_count")]


def test_base_r_gives_the_same_sums(root: Path, tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("needs R, and there is no Rscript on the path (on Debian: r-base-core)")
    (tmp_path / "facts.csv").write_bytes(table_to_bytes(FACTS, conversion_to_fact_rows(example()), "csv"))
    script = root / "examples" / "facts.R"
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 10
    done = subprocess.run([program, str(script)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == f"total {TOTAL:.2f}"
    assert "201 " in done.stdout
