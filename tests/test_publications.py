"""Where and when a government published a file: stated at publication, shown with its page."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from small_batch import InProcess
from small_disclosures import expenditure, tabbed

from converters.rdf.publications import Publication, parse_publications
from ontology import DEFAULT_BASE
from ontology.namespaces import DCT, PROV, SPDX
from server.pages.data.observation import file_address
from server.store.generation_store import GenerationStore
from yusuan.commands.main import main

pytestmark = pytest.mark.usefixtures("no_lists")

URL = "https://www.example.gov.cn/budget.pdf"
FIGURES = "| 合计 | 5 | 3 | 2\n201 | 公共服务 | 5 | 3 | 2"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.txt"
    path.write_text(tabbed(expenditure(FIGURES)), encoding="utf-8")
    return path


def publish(store: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["publish", "--store", str(store), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def catalogue(store: Path) -> list[ox.Quad]:
    with GenerationStore(store).open() as opened:
        quads = opened.quads_for_pattern(None, None, None, None)
        return [q for q in quads if isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value.endswith("catalogue")]


def objects(quads: list[ox.Quad], predicate: str) -> set[str]:
    return {q.object.value for q in quads if q.predicate.value == predicate and not isinstance(q.object, ox.Triple)}


def test_address_and_date_of_a_file_are_published_with_its_provenance(file: Path, tmp_path: Path) -> None:
    publish(tmp_path / "store", str(file), "--source", URL, "--issued", "2024-02-05")
    said = catalogue(tmp_path / "store")
    assert objects(said, DCT + "source") == {URL}
    assert objects(said, DCT + "issued") == {"2024-02-05"}
    [activity] = objects(said, PROV + "wasGeneratedBy")
    [agent] = objects(said, PROV + "wasAssociatedWith")
    assert activity.endswith("/conversion")
    assert agent.startswith(f"{DEFAULT_BASE}id/software/yusuan-")
    [checksum] = objects(said, SPDX + "checksumValue")
    assert objects(said, PROV + "used") == {f"{DEFAULT_BASE}id/file/{checksum}"}


def test_a_table_states_the_sources_of_many_files(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yusuan.batch.executors.ProcessPool", InProcess)
    other = tmp_path / "other.txt"
    other.write_text(tabbed(expenditure(FIGURES).replace("园林局", "水务局")), encoding="utf-8")
    table = tmp_path / "sources.csv"
    table.write_text(f"file,source,issued\nsmall.txt,{URL},2024-02-05\nother.txt,{URL}?2,\n", encoding="utf-8")
    publish(tmp_path / "store", str(file), str(other), "--sources", str(table), "-j", "1")
    said = catalogue(tmp_path / "store")
    assert objects(said, DCT + "source") == {URL, f"{URL}?2"}
    assert objects(said, DCT + "issued") == {"2024-02-05"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "budget.pdf"], "needs a URL"),
        (["--issued", "5 Feb 2024"], "needs a URL, and a date"),
        (["--issued", "20240205"], "needs a URL, and a date"),
        (["--source", URL, "second.txt"], "is for one file"),
    ],
)
def test_what_cannot_be_stated_is_refused(file: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    result = CliRunner().invoke(main, ["publish", str(file), "--store", str(tmp_path / "store"), *arguments])
    assert result.exit_code == 2
    assert told in result.output
    assert not (tmp_path / "store").exists()


def test_a_wrong_line_of_the_table_is_named() -> None:
    with pytest.raises(ValueError, match="3"):
        parse_publications(["file,source\n", f"a.pdf,{URL}\n", "b.pdf,nowhere\n"])
    with pytest.raises(ValueError, match="1"):
        parse_publications(["name,url\n"])
    assert parse_publications(["file,source\n", f"a.pdf,{URL}\n"]).of(Path("x/a.pdf")) == Publication(URL)


def test_the_file_of_the_government_opens_at_the_page_of_the_figure() -> None:
    own = DEFAULT_BASE + "def#"
    files = [{"source": URL, "number": "1"}, {"source": URL + "?2", "number": "2"}]
    assert file_address(files, {own + "page": ["12"], own + "fileNumber": ["2"]}, own) == f"{URL}?2#page=12"
    assert file_address([{"source": URL}], {own + "page": ["3"]}, own) == f"{URL}#page=3"
    assert file_address([{"source": URL}], {}, own) == URL
    assert file_address([{}], {own + "page": ["3"]}, own) is None
