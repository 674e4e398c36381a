"""The HTML of cells and sentences that is written without templates: whatever a document prints stays text."""

from typing import cast

from small_pages import Page

from server.pages.disclosure.cells import CellWriter, severity_symbol
from server.pages.disclosure.findings import FindingView, Mistake
from server.pages.disclosure.narrative import Claim, Fragment
from server.pages.disclosure.printed_tables import PrintedCell
from server.pages.page_context import PageContext

HOSTILE = """"'><script>alert(1)</script>&amp;"""
FINDING = FindingView("0", "warning", "sum", HOSTILE, (), (), None)


class HostileContext:
    """A page whose addresses and messages are not HTML either."""

    language = "zh"

    def href(self, iri: str) -> str:
        return iri

    def message(self, key: str) -> str:
        return f"{key} {HOSTILE}"

    def has_message(self, key: str) -> bool:
        return "flag" not in key


WRITER = CellWriter(cast(PageContext, HostileContext()), is_published=True)


def test_what_a_cell_prints_and_what_is_said_of_it_stays_text() -> None:
    mistake = Mistake("1", ((HOSTILE, HOSTILE),), ())
    cell = PrintedCell(HOSTILE, 1, 1, "figure", None, "a", HOSTILE, HOSTILE, (FINDING,), mistake, (HOSTILE,))
    page = Page(WRITER.cell(cell))
    assert [page.all("script"), len(page.all("td")), len(page.all("a"))] == [[], 1, 4]
    suspect, mark, figure, point = page.all("a")
    assert suspect.attributes["title"].endswith(f" {HOSTILE}")
    assert mark.attributes["title"] == f"severity-warning {HOSTILE}: {HOSTILE}"
    assert (figure.attributes["href"], figure.text) == (HOSTILE, HOSTILE)
    assert point.attributes["href"] == HOSTILE
    assert page.one("td").attributes["title"] == HOSTILE


def test_what_a_sentence_prints_stays_text() -> None:
    claims = tuple(Claim(HOSTILE, f"a{number}", HOSTILE, (FINDING,), None) for number in (1, 2))
    page = Page(WRITER.claims(Fragment(HOSTILE, claims)))
    assert page.all("script") == []
    first, second = page.all("a", class_="figure")
    assert (first.text, second.text) == (HOSTILE, "2")
    assert second.attributes["aria-label"] == f"{HOSTILE} 2"


def test_a_severity_that_an_earlier_report_made_up_has_no_symbol() -> None:
    page = Page(severity_symbol(HOSTILE))
    assert page.all("script") == []
    assert page.one("span").text == ""
