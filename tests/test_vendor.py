"""What is shipped of others: the editor of the query page, as released, held by hashes, with its licences."""

import hashlib
import json
from pathlib import Path

import httpx2
import pytest
from small_pages import get

VENDOR = Path(__file__).parents[1] / "server" / "static" / "vendor"


def test_each_file_is_the_one_whose_hash_is_written_down() -> None:
    lines = (line.split() for line in (VENDOR / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    listed = {name: digest for digest, name in lines}
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in listed} == listed
    assert set(listed) == {path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".css")}


def test_the_lock_holds_every_package_to_a_hash_and_names_no_host() -> None:
    lock = json.loads((VENDOR / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not [name for name, package in packages.items() if "resolved" in package]
    wanted = json.loads((VENDOR / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_the_licences_of_what_is_in_the_bundle_are_shipped() -> None:
    text = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("@zazuko/yasgui", "codemirror", "datatables.net", "jquery", "lodash-es", "n3", "dompurify"):
        assert name in text


@pytest.mark.parametrize("address", ["/query", "/query/which-ten-projects-cost-most", "/sparql"])
def test_the_query_page_loads_nothing_from_elsewhere(site: httpx2.Client, address: str) -> None:
    page = get(site, address)
    loaded = [e.attributes["src"] for e in page.all("script") if "src" in e.attributes]
    loaded += [e.attributes["href"] for e in page.all("link", rel="stylesheet")]
    assert any("yasgui.min.js" in source for source in loaded)
    assert all(source.startswith("/static/") for source in loaded)
    for source in loaded:
        assert site.get(source).status_code == 200
