"""The page of what became of the numbers of a version, and the same on the page of a checked file."""

import httpx2
import pytest
from small_pages import Page, Published, doc, get, misprinted_text, snapshot


def test_every_number_of_a_version_is_accounted_for(site: httpx2.Client, pages: Published) -> None:
    version = pages.current.version
    page = get(site, f"{doc(version)}/coverage")
    counts = [int(dd.text.replace(",", "")) for dd in page.one("dl", class_="coverage").all("dd")]
    assert counts == list(snapshot(pages.current)["coverage"]["counts"].values())
    [tables, lost] = page.all("table")
    assert len(tables.one("tbody").all("tr")) == len(snapshot(pages.current)["coverage"]["tables"])
    assert [row.all("td")[1].text for row in lost.one("tbody").all("tr")] == ["0.00"] * 6
    assert all("表 2" in row.text or "表2" in row.text for row in lost.one("tbody").all("tr"))


def test_the_tables_lead_to_their_places_on_the_page_of_the_version(site: httpx2.Client, pages: Published) -> None:
    version = doc(pages.current.version)
    links = [link for link in get(site, f"{version}/coverage").links if link.startswith(f"{version}#")]
    shown = get(site, version)
    assert links
    assert {link.rsplit("#", 1)[1] for link in links} <= set(shown.ids)
    assert f"{version}/coverage" in shown.links


def test_a_version_that_is_not_there_has_no_such_page(site: httpx2.Client, pages: Published) -> None:
    assert site.get(f"{doc(pages.current.version)[:-1]}x/coverage").status_code == 404


def test_a_checked_file_shows_the_same(site: httpx2.Client) -> None:
    response = site.post("/check", files={"file": ("a.txt", misprinted_text().encode())})
    page = Page(response.text)
    assert "coverage" in page.ids
    assert len(page.one("dl", class_="coverage").all("dd")) == 5


@pytest.mark.parametrize(("accept", "status"), [("*/*", 200), ("text/turtle, */*;q=0.1", 200), ("text/turtle", 404)])
def test_the_coverage_has_a_page_only(site: httpx2.Client, pages: Published, accept: str, status: int) -> None:
    address = doc(pages.current.version) + "/coverage"
    assert site.get(address, headers={"Accept": accept}).status_code == status
    assert site.get(address + "s", headers={"Accept": accept}).status_code == 404
