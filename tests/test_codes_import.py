"""Official lists come in: columns found by content, changes shown, nothing overwritten silently."""

import csv
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from test_ontology_hygiene import QUERIES, TURTLE, answers, store_of

from ontology import load_vocabulary
from ontology.codelists.comparison import compare_lists, generic_words, share_a_word
from ontology.codelists.edition_files import edition_file, edition_files, parent_code
from ontology.codelists.editions import Standing
from yusuan.commands.main import main

SHIPPED = load_vocabulary()
EXPECTED = {"201": "一般公共服务支出", "20101": "人大事务", "2010101": "行政运行"}


# ── Changes ─────────────────────────────────────────────────────────────────────────────────────


def test_changes_tell_a_new_name_from_a_new_meaning() -> None:
    before = {
        "20805": ("行政事业单位离退休",),
        "30311": ("住房公积金",),
        "30104": ("其他社会保障缴费",),
        "201": ("甲乙", "丙丁"),
    }
    now = {"20805": "行政事业单位养老支出", "30311": "代缴社会保险费", "30112": "其他社会保障缴费", "201": "丙丁"}
    changes = compare_lists(before, now)
    assert dict(changes.renamed) == {"20805": ("行政事业单位离退休", "行政事业单位养老支出")}
    assert dict(changes.reused) == {"30311": ("住房公积金", "代缴社会保险费")}
    assert dict(changes.moved) == {"其他社会保障缴费": ("30104", "30112")}
    assert (dict(changes.added), dict(changes.ended)) == ({"30112": "其他社会保障缴费"}, {"30104": "其他社会保障缴费"})


def test_words_that_many_names_have_tie_nothing() -> None:
    common = generic_words([f"{name}支出" for name in "甲乙丙丁"] + ["公共卫生", "医疗保障"])
    assert common == {"支出"}
    assert share_a_word("教育支出", "国防支出")
    assert not share_a_word("教育支出", "国防支出", common)


@pytest.mark.parametrize(
    ("code", "parent"),
    [("2010101", "20101"), ("20101", "201"), ("201", None), ("A01010201", "A01010000"), ("420107", "420000")],
)
def test_a_code_stands_under_the_longest_that_begins_it(code: str, parent: str | None) -> None:
    codes = dict.fromkeys(["201", "20101", "2010101", "A", "A01010000", "A01010201", "420000", "420107"], "")
    assert parent_code(code, codes) == parent


# ── The command ─────────────────────────────────────────────────────────────────────────────────


def yusuan(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def shipped_names() -> dict[str, str]:
    return {c.notation: c.names["zh"] for c in SHIPPED.lists.near("code/function").concepts.values() if c.parent}


def write_list(path: Path, names: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(names.items())
    return path


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A list of 2025: one code ended, two new, one renamed, one used for something else."""
    names = shipped_names()
    del names["2010104"]
    names |= {"2101103": "公务员医疗补助", "21004": "公共卫生", "210": "卫生健康与托育支出", "2040607": "某种全新业务"}
    return write_list(tmp_path / "made-up.csv", names)


def import_(file: Path, folder: Path, *more: object) -> Result:
    return yusuan(
        "codes", "import", file, "--scheme", "function", "--edition", 2025, "--into", folder, "--lang", "en", *more
    )


def test_importing_shows_what_is_added_renamed_and_ended_and_writes_an_edition(made_up: Path, tmp_path: Path) -> None:
    result = import_(made_up, tmp_path / "codes")
    assert result.exit_code == 0, result.output
    assert "added 2, renamed 1, new meaning 1, ended 1" in result.output
    for line in (
        "  210  卫生健康支出 → 卫生健康与托育支出",
        "  2040607  公共法律服务 → 某种全新业务",
        "  2010104  人大会议",
        "  2101103  公务员医疗补助",
    ):
        assert line in result.output.splitlines()
    assert edition_files(tmp_path / "codes") == (tmp_path / "codes" / "function-2025.ttl",)


def test_a_dry_run_writes_nothing(made_up: Path, tmp_path: Path) -> None:
    assert import_(made_up, tmp_path / "codes", "--dry-run").exit_code == 0
    assert not (tmp_path / "codes").exists()


def test_an_edition_is_replaced_only_when_told(made_up: Path, tmp_path: Path) -> None:
    import_(made_up, tmp_path)
    before = edition_file(tmp_path, "function", 2025).read_bytes()
    assert import_(made_up, tmp_path).exit_code == 0
    other = write_list(tmp_path / "other.csv", {**shipped_names(), "2101103": "公务员医疗补助"})
    result = import_(other, tmp_path)
    assert result.exit_code == 2
    assert "was not changed" in result.output
    assert edition_file(tmp_path, "function", 2025).read_bytes() == before
    assert import_(other, tmp_path, "--yes").exit_code == 0
    assert edition_file(tmp_path, "function", 2025).read_bytes() != before


def test_a_list_that_lacks_most_codes_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    part = write_list(tmp_path / "part.csv", EXPECTED)
    result = import_(part, tmp_path / "codes")
    assert result.exit_code == 2
    assert "does not seem to be complete" in result.output
    assert not (tmp_path / "codes").exists()
    assert import_(part, tmp_path / "codes", "--yes").exit_code == 2
    assert import_(part, tmp_path / "codes", "--whole").exit_code == 0


def test_a_level_that_is_missing_is_named(tmp_path: Path) -> None:
    names = {**shipped_names(), "2050101": "行政运行"}
    result = import_(write_list(tmp_path / "list.csv", names), tmp_path / "codes")
    assert "Codes without a parent (2):\n" in result.output
    assert "\n  2050101  行政运行\n" in result.output


def test_an_unknown_list_is_an_error_that_names_the_known_ones(made_up: Path) -> None:
    result = yusuan("codes", "import", made_up, "--scheme", "magic", "--edition", 2025, "--lang", "en")
    assert result.exit_code == 2
    assert "economic, function" in result.output


def test_two_lists_are_compared_as_text_and_as_json(made_up: Path, tmp_path: Path) -> None:
    import_(made_up, tmp_path)
    old = write_list(tmp_path / "old.csv", shipped_names())
    edition = edition_file(tmp_path, "function", 2025)
    assert (
        "added 0, renamed 0" in yusuan("codes", "diff", made_up, edition, "--scheme", "function", "--lang", "en").output
    )
    changes = json.loads(yusuan("codes", "diff", old, edition, "--scheme", "function", "--format", "json").output)
    assert changes == {
        "added": {"21004": "公共卫生", "2101103": "公务员医疗补助"},
        "ended": {"2010104": "人大会议"},
        "renamed": {"210": ["卫生健康支出", "卫生健康与托育支出"]},
        "reused": {"2040607": ["公共法律服务", "某种全新业务"]},
        "moved": {},
    }


def test_a_word_in_common_or_none_is_not_the_last_word(made_up: Path, tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    result = import_(made_up, folder, "--same", "2040607", "--other", "210")
    assert "renamed 1, new meaning 1" in result.output
    edition = edition_file(folder, "function", 2025)
    known = load_vocabulary(codes=(edition,))
    assert known.resolve("code/function", "2040607", 2025, "某种全新业务") == "code/function/2040607"
    assert known.resolve("code/function", "210", 2025, "卫生健康与托育支出") == "code/function/210-2025"
    old = write_list(tmp_path / "old.csv", shipped_names())
    compared = yusuan("codes", "diff", old, edition, "--scheme", "function", "--format", "json")
    assert json.loads(compared.output)["renamed"].keys() == {"2040607"}
    assert json.loads(compared.output)["reused"].keys() == {"210"}
    assert import_(made_up, folder).exit_code == 0
    assert "renamed 1" in import_(made_up, folder).output
    again = import_(made_up, folder, "--same", "210", "--yes")
    assert "renamed 2, new meaning 0" in again.output


def test_what_was_decided_may_stand_in_a_file_beside_the_editions(made_up: Path, tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    (folder / "decided.ttl").write_text(
        "@prefix : <https://w3id.org/yusuan/def#> .\n@prefix function: <https://w3id.org/yusuan/code/function/> .\n"
        "@prefix edition: <https://w3id.org/yusuan/code/function/edition/> .\n"
        "edition:2025 :keepsMeaning function:2040607 .\n",
        encoding="utf-8",
    )
    assert "renamed 2, new meaning 0" in import_(made_up, folder).output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--same", "2999999"), "2999999: no list contains this code"),
        (("--same", "210", "--other", "210"), "cannot be given to both"),
    ],
)
def test_a_decision_about_nothing_is_refused(
    made_up: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    result = import_(made_up, tmp_path / "codes", *options)
    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "codes").exists()


def test_a_file_in_the_folder_that_is_no_turtle_is_told(made_up: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("no turtle", encoding="utf-8")
    result = import_(made_up, tmp_path)
    assert result.exit_code == 2
    assert str(tmp_path) in result.output


# ── What the edition does ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def imported(made_up: Path, tmp_path: Path) -> Path:
    import_(made_up, tmp_path)
    return edition_file(tmp_path, "function", 2025)


def test_exactly_the_missing_codes_are_missing_and_only_in_its_year(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    keys = [c.key for c in SHIPPED.lists.near("code/function").concepts.values() if c.parent]
    for year in (2024, 2025, 2026):
        missing = {key for key in keys if known.standing(key, year) is Standing.MISSING}
        ended = {"code/function/2010104", "code/function/2040607"}
        assert missing == (ended if year == 2025 else set())


def test_a_new_code_is_official_in_its_year_and_keeps_the_plain_address(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    assert known.resolve("code/function", "2101103", 2025) == "code/function/2101103"
    assert known.concepts["code/function/2101103"].parent == "code/function/21011"
    assert known.standing("code/function/2101103", 2025) is Standing.LISTED
    assert known.standing("code/function/2101103", 2024) is Standing.UNLISTED
    assert known.resolve("code/function", "2101103", 2024) is None


def test_a_renamed_code_keeps_its_meaning_and_a_reused_one_gets_its_own(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    assert known.resolve("code/function", "210", 2025) == "code/function/210"
    assert "卫生健康与托育支出" in known.concepts["code/function/210"].labels
    assert known.resolve("code/function", "2040607", 2025, "某种全新业务") == "code/function/2040607-2025"
    assert known.resolve("code/function", "2040607", 2024) == "code/function/2040607"
    assert known.resolve("code/function", "21004", 2025) == "code/function/21004"
    assert known.resolve("code/function", "21004", 2009) == "code/function/21004-2009"


def test_the_next_edition_builds_on_the_one_before_and_stands_alone(imported: Path, made_up: Path) -> None:
    folder = imported.parent
    result = yusuan(
        "codes", "import", made_up, "--scheme", "function", "--edition", 2026, "--into", folder, "--lang", "en"
    )
    assert result.exit_code == 0, result.output
    alone = load_vocabulary(codes=(edition_file(folder, "function", 2026),))
    both = load_vocabulary(codes=edition_files(folder))
    for known in (alone, both):
        assert known.resolve("code/function", "2101103", 2026) == "code/function/2101103"
        assert known.resolve("code/function", "2040607", 2026, "某种全新业务") == "code/function/2040607-2025"


def test_names_of_lower_levels_do_not_disturb_what_names_alone_mean(imported: Path) -> None:
    known = load_vocabulary(codes=(imported,))
    assert set(SHIPPED.meanings) <= set(known.meanings)
    assert {m.source for m in known.meanings["卫生健康与托育支出"]} == {"code/function/210"}
    assert "code/function/2101103" not in {m.source for m in known.meanings["公务员医疗补助"]}


# An official list has names in Chinese alone and no definitions.
NOT_ASKED = ("concept-without-definition", "concept-without-label", "class-without-english")
QUESTIONS = [query for query in QUERIES if query.stem not in NOT_ASKED]


@pytest.fixture(scope="module")
def with_an_edition(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    folder = tmp_path_factory.mktemp("codes")
    names = {**shipped_names(), "2101103": "公务员医疗补助", "210": "卫生健康与托育支出", "2040607": "某种全新业务"}
    import_(write_list(folder / "list.csv", names), folder)
    return store_of(*(path.read_bytes() for path in (*TURTLE, *edition_files(folder))))


@pytest.mark.sampled(every=5)
@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.stem)
def test_an_imported_edition_keeps_the_house_in_order(query: Path, with_an_edition: ox.Store) -> None:
    assert answers(with_an_edition, query) == []
