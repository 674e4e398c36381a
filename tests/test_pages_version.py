"""The page of a version: the document as printed, and what was found in it."""

import json
from pathlib import Path

import httpx2
import pytest
from small_pages import MISPRINTED, PRINTED, Published, doc, get, objects, snapshot

from ontology.messages import message
from ontology.namespaces import DEFAULT_BASE
from server.store.generation_store import GenerationStore, VersionGraphs


def observations(version: VersionGraphs) -> dict[str, str]:
    """What is printed at each figure of the tables of a version, by its key."""
    parts = [part for table in snapshot(version)["tables"] for part in (*table["cells"], *table["notes"])]
    return {part["observation"]: part["text"] for part in parts if part.get("observation")}


def test_a_version_shows_every_cell_as_printed_and_links_each_figure_to_itself_and_its_point(
    site: httpx2.Client, pages: Published
) -> None:
    page = get(site, doc(pages.current.version))
    links = {a.attributes["href"]: a for a in page.all("a")}
    points = objects(pages.current, "point")
    for key, text in observations(pages.current).items():
        figure = links[doc(DEFAULT_BASE + key)]
        assert figure.text == " ".join(text.split())
        if DEFAULT_BASE + key in points:
            assert doc(points[DEFAULT_BASE + key]) in links
    for table, section in zip(snapshot(pages.current)["tables"], page.all("section", class_="printed"), strict=True):
        printed = [" ".join(cell["text"].split()) for cell in table["cells"] if cell["text"].strip()]
        shown = [cell for cell in section.all() if cell.name in ("td", "th") and cell.text]
        assert len(shown) == len(printed)
        assert section.one("h2").text == " ".join(table["title"].split())
        spans = [(int(c.attributes.get("rowspan", 1)), int(c.attributes.get("colspan", 1))) for c in section.all("th")]
        assert all(span >= (1, 1) for span in spans)


def test_the_header_of_a_table_has_scopes_and_spans(site: httpx2.Client, pages: Published) -> None:
    section = get(site, doc(pages.current.version)).one("section", id="t05")
    header = section.one("thead").all("th")
    assert [(th.text, th.attributes.get("rowspan"), th.attributes.get("colspan")) for th in header[:5]] == [
        ("科目编码", "2", None),
        ("科目名称", "2", None),
        ("合计", "2", None),
        ("基本支出", None, "3"),
        ("项目支出", "2", None),
    ]
    assert {th.attributes["scope"] for th in section.all("th")} == {"col", "colgroup", "row"}


def test_findings_come_gravest_first_and_lead_to_their_cells_and_back(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.misprinted.version))
    findings = page.all("li", class_="finding")
    assert findings
    for place in page.all("a", class_="place"):
        assert place.attributes["href"].removeprefix("#") in page.ids
    for mark in page.all("a", class_="mark"):
        assert mark.attributes["href"].removeprefix("#") in page.ids
        assert mark.attributes["title"] == mark.attributes["aria-label"] != ""
    cell = page.one("td", id="t05-r4c5")
    assert MISPRINTED in cell.text
    assert {"marked", "violation"} <= set(cell.attributes["class"].split())
    about = {f"f-{finding}" for finding in cell.attributes["data-findings"].split()}
    assert len(about) == 3
    assert about <= {finding.attributes["id"] for finding in findings}


def test_findings_are_grouped_under_the_mistake_that_explains_them(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.misprinted.version))
    suspected = [f for f in page.all("li", class_="finding") if f.all("p", class_="mistake")]
    told = next(f for f in suspected if f.one("p", class_="mistake").all("a", href="#t05-r4c5"))
    mistake, following = told.one("p", class_="mistake"), told.one("div", class_="following")
    assert f"{PRINTED} 元" in mistake.text
    words = [finding.one("span", class_="severity").text for finding in following.all("li", class_="finding")]
    assert words == [message("severity-follows", "zh")] * 2
    suspect = page.one("td", id="t05-r4c5").one("a", class_="suspect")
    assert suspect.attributes["href"] == f"#{mistake.attributes['id']}"
    assert f"{PRINTED} 元" in suspect.attributes["title"]


def test_what_follows_from_a_mistake_is_not_counted_again(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.current.version))
    errors = page.all("li", class_="violation")
    following = [f for f in errors if f.all("span", class_="severity")[0].text == message("severity-follows", "zh")]
    assert len(following) == 6
    number = str(len(errors) - len(following))
    assert page.one("div", class_="outcome").all("span", class_="count")[0].text.split()[-1] == number
    listed = next(row for row in get(site, "/").all("tr") if row.all("a", href=doc(pages.current.version)))
    assert listed.all("span", class_="count")[0].text.split()[-1] == number


def test_words_in_a_header_that_contradict_the_title_are_marked(site: httpx2.Client, pages: Published) -> None:
    header = get(site, doc(pages.current.version)).one("section", id="t09").one("thead")
    assert [th.text for th in header.all("th", class_="violation")] == ["本年政府性基金预算支出✕"]


def test_a_sentence_that_declares_a_table_empty_leads_to_its_figure(site: httpx2.Client, pages: Published) -> None:
    note = get(site, doc(pages.current.version)).one("section", id="t08").one("p", class_="note")
    [figure, point] = note.all("a")
    assert "此表无数据" in figure.text
    assert figure.attributes["href"].endswith("/t08/r3c1")
    assert point.attributes["href"].startswith("/doc/point/")


def test_sentences_lead_to_what_they_claim(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.current.version))
    sentences = snapshot(pages.current)["narrative"]
    assert len(page.all("span", class_="sentence")) == len(sentences)
    claims = [(f, s) for s in sentences for f in s["figures"]]
    assert claims
    for figure, sentence in claims:
        [link] = page.all("a", href=doc(DEFAULT_BASE + figure["observations"][0]))
        assert link.text == " ".join(sentence["text"][figure["start"] : figure["end"]].split())


def test_contacts_are_shown_as_withheld(site: httpx2.Client, pages: Published) -> None:
    withheld = get(site, doc(pages.current.version)).all("td", class_="withheld")
    assert len(withheld) > 10
    assert {cell.text for cell in withheld} == {"*** (个人信息，不公开)"}


def test_a_version_says_where_it_comes_from_and_what_else_there_is(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.current.version))
    facts = page.one("dl", class_="facts").text
    assert "corrected.txt" in facts
    assert "2024" in facts
    versions = page.one("ul", class_="versions")
    assert doc(pages.misprinted.version) in [a.attributes["href"] for a in versions.all("a")]
    old = get(site, doc(pages.misprinted.version))
    assert doc(pages.current.version) in [a.attributes["href"] for a in old.one("p", class_="banner").all("a")]


def test_every_download_holds_the_whole_version(site: httpx2.Client, pages: Published) -> None:
    downloads = get(site, doc(pages.current.version)).one("ul", class_="downloads").all("a")
    read = ("CSV", "N-Triples", "发现的问题 (SHACL)")
    texts = {a.text: site.get(a.attributes["href"]).text for a in downloads if a.text in read}
    figures = objects(pages.current, "coordinates")
    assert texts["CSV"].startswith("\ufefftable,row_code,row_label,column,organisation,year,phase,flow,")
    assert len(texts["CSV"].splitlines()) == len(figures) + 1
    assert len(texts["N-Triples"].splitlines()) == len(set(pages.current.triples))
    assert texts["发现的问题 (SHACL)"].count("ValidationResult") == len(
        [t for t in pages.current.findings if t.predicate.value.endswith("#resultSeverity")]
    )


def test_parts_of_a_document_that_the_pages_do_not_know_are_shown_all_the_same(
    site: httpx2.Client, pages_store: Path, pages: Published
) -> None:
    path = GenerationStore(pages_store).document_path(pages.earlier.version)
    kept = path.read_bytes()
    changed = json.loads(kept) | {"annex": [{"words": "<script>alert(1)</script>", "n": [1, 2]}], "title": None}
    changed["tables"][0]["cells"][0]["text"] = "<b onclick=x>"
    changed["tables"][1] = {"name": "t02", "colour": "blue"}
    try:
        path.write_text(json.dumps(changed), encoding="utf-8")
        page = get(site, doc(pages.earlier.version))
        assert "<script>alert(1)</script>" in page.one("section", aria_labelledby="rest").text
        assert "<b onclick=x>" in page.one("section", id="t01").text
        assert "blue" in page.one("section", id="t02").text
        path.unlink()
        assert page.one("h1").text == get(site, doc(pages.earlier.version)).one("h1").text
    finally:
        path.write_bytes(kept)


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
@pytest.mark.parametrize("part", ["t99", "findings/0000000000000000", "t05/r4c3/sum", "t05/r4c3/sum/nothing"])
def test_what_a_version_has_not_is_not_found(site: httpx2.Client, pages: Published, part: str, accept: str) -> None:
    assert site.get(f"{doc(pages.current.version)}/{part}", headers={"Accept": accept}).status_code == 404


def test_a_cell_without_findings_links_its_figure_and_its_point(site: httpx2.Client, pages: Published) -> None:
    page = get(site, doc(pages.current.version))
    plain = page.one("td", id="t05-r4c3")
    assert plain.attributes["class"] == "figure"
    figure, point = plain.all("a")
    assert figure.attributes["href"] == f"{doc(pages.current.version)}/t05/r4c3"
    assert point.attributes["class"] == "point"
    assert point.attributes["aria-label"] == message("point-title", "zh")
    assert page.one("tr", id="t05-r4").one("th").attributes["scope"] == "row"
