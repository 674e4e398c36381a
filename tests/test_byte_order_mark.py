"""`bom=1`: CSV with a byte order mark, for people who open it in a spreadsheet program; without it, none has one."""

from codecs import BOM_UTF8

import httpx2
import pytest
from small_pages import Published, doc, get

OFFICE = "/doc/org/420107/108"
ADDRESSES = (
    f"{OFFICE}.csv",
    "/disclosures.csv",
    "/search.csv?q=108",
    "/query/which-codes-are-used.csv",
    "/code/unit.csv",
    "/data/current.csv",
    "/data/facts.csv",
)


def marked(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}bom=1"


@pytest.mark.parametrize("address", ADDRESSES)
def test_csv_has_the_mark_if_asked_for_and_is_else_the_same(indexed_site: httpx2.Client, address: str) -> None:
    plain = indexed_site.get(address).raise_for_status()
    assert plain.headers["content-type"].startswith("text/csv")
    assert not plain.content.startswith(BOM_UTF8)
    answer = indexed_site.get(marked(address)).raise_for_status()
    assert answer.content == BOM_UTF8 + plain.content


def test_the_length_of_an_answer_counts_the_mark(site: httpx2.Client) -> None:
    site.headers["Accept-Encoding"] = "identity"
    try:
        lengths = [
            site.head(address).headers["content-length"] for address in ("/data/facts.csv", "/data/facts.csv?bom=1")
        ]
    finally:
        del site.headers["Accept-Encoding"]
    assert int(lengths[1]) == int(lengths[0]) + len(BOM_UTF8)


def test_with_the_mark_a_download_is_sent_whole(site: httpx2.Client) -> None:
    part = {"Range": "bytes=3-9"}
    assert site.get("/data/facts.csv", headers=part).status_code == 206
    whole = site.get("/data/facts.csv?bom=1", headers=part)
    assert (whole.status_code, whole.content[:3]) == (200, BOM_UTF8)
    assert "accept-ranges" not in whole.headers


def test_other_answers_and_redirections_keep_what_they_say(site: httpx2.Client) -> None:
    assert site.get(f"{OFFICE}?bom=1").text == site.get(OFFICE).text
    assert site.get(f"{OFFICE}.json?bom=1").content == site.get(f"{OFFICE}.json").content
    purchases = site.get("/purchases.csv?bom=1", follow_redirects=False)
    assert purchases.status_code == 303
    assert purchases.headers["location"].endswith("bom=1")
    assert site.get("/query/which-codes-are-used.csv?bom=2").status_code == 400


def test_pages_lead_to_csv_with_the_mark(indexed_site: httpx2.Client, pages: Published) -> None:
    for address in (OFFICE, "/", "/search?q=108", doc(pages.current.version), "/code/unit"):
        links = [link for link in get(indexed_site, address).links if link.partition("?")[0].endswith(".csv")]
        assert links, address
        assert all(link.endswith("bom=1") for link in links), address
