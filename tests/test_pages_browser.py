"""The pages in a browser: what only shows when they are drawn, pointed at and walked through with the keyboard."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from small_browser import STILL, Tab, open_browser
from small_pages import Published, doc, misprinted_text

pytestmark = pytest.mark.browser

WIDTHS = [390, 768, 1280]
CONTRAST = """
(() => {
  const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parse = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0]).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const e of document.querySelectorAll('body *')) {
    const words = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!words || !e.offsetParent || e.closest('.point, .visually-hidden, .skip')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 30)}`);
  }
  return [...new Set(poor)];
})()
"""


@pytest.fixture(scope="module")
def tab(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with open_browser(chromium, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


def addresses(pages: Published) -> list[str]:
    version = doc(pages.current.version)
    query = "/query?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%2020"
    return [
        *("/", "/check", query, "/rules", "/def", "/code/function", "/code/function/201", "/doc/org/420107/108"),
        *(version, f"{version}/t05/r4c3", f"{version}/t11/r6", doc(pages.misprinted.version)),
    ]


def box_of(tab: Tab, selector: str) -> tuple[float, float, float]:
    """Top, bottom and left edge of an element in the window."""
    box = f"document.querySelector({selector!r}).getBoundingClientRect()"
    top, bottom, left = tab.ask(f"(() => {{ const b = {box}; return [b.top, b.bottom, b.left] }})()")
    return top, bottom, left


def test_no_page_makes_the_browser_complain(tab: Tab, pages_address: str, pages: Published) -> None:
    tab.complaints.clear()
    for address in addresses(pages):
        tab.open(pages_address + address)
        assert tab.complaints == [], address
        assert tab.ask("performance.getEntriesByType('resource').every((e) => e.name.startsWith(location.origin))")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(tab: Tab, pages_address: str, pages: Published, width: int) -> None:
    for address in addresses(pages):
        tab.open(pages_address + address, width)
        assert tab.ask("document.documentElement.scrollWidth") <= width, address


def test_text_stands_out_from_what_is_behind_it(tab: Tab, pages_address: str, pages: Published) -> None:
    for address in addresses(pages):
        tab.open(pages_address + address)
        assert tab.ask(CONTRAST) == [], address


def test_a_finding_and_its_cells_light_up_together(tab: Tab, pages_address: str, pages: Published) -> None:
    tab.open(pages_address + doc(pages.misprinted.version))
    cell, lit = "#t05-r4c5", "[...document.querySelectorAll('.lit')].map((e) => e.id)"
    tab.move_to(cell)
    findings = tab.ask(f"document.querySelector('{cell}').dataset.findings.split(' ')")
    assert {"t05-r4c5", *(f"f-{finding}" for finding in findings)} <= set(tab.ask(lit))
    tab.move_to(f"#f-{findings[0]}")
    assert {"t05-r4c5", f"f-{findings[0]}"} <= set(tab.ask(lit))
    tab.move_to("h1")
    assert tab.ask(lit) == []
    tab.ask(f"document.querySelector('{cell} a.mark').focus()")
    assert f"f-{findings[0]}" in tab.ask(lit)
    tab.move_to(f"#f-{findings[0]}")
    tab.move_to("h1")
    assert {"t05-r4c5", f"f-{findings[0]}"} <= set(tab.ask(lit))


def test_a_jump_to_a_cell_brings_it_into_sight(tab: Tab, pages_address: str, pages: Published) -> None:
    for width in WIDTHS:
        tab.open(f"{pages_address}{doc(pages.current.version)}#t10-r9c12", width)
        top, bottom, left = box_of(tab, "#t10-r9c12")
        assert 0 <= top < bottom <= 900
        assert 0 <= left < width


def test_the_list_of_tables_stays_within_reach(tab: Tab, pages_address: str, pages: Published) -> None:
    for width in WIDTHS:
        tab.open(pages_address + doc(pages.current.version), width)
        tab.ask("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        tab.ask("scrollBy({top: -1500, behavior: 'instant'})")
        top, bottom, _ = box_of(tab, "nav.index")
        assert 0 <= top < 100
        assert bottom > 20


def test_the_names_of_rows_stay_in_sight_in_wide_tables(tab: Tab, pages_address: str, pages: Published) -> None:
    tab.open(f"{pages_address}{doc(pages.current.version)}#t02")
    tab.ask("document.querySelector('#t02 .scroll').scrollLeft = 600")
    offset = "document.querySelector('#t02 tbody tr:nth-child(2) th').getBoundingClientRect().left"
    left = tab.ask(f"{offset} - document.querySelector('#t02 .scroll').getBoundingClientRect().left")
    assert 0 <= left < 2


def test_the_keyboard_reaches_the_content_first(tab: Tab, pages_address: str) -> None:
    tab.open(pages_address + "/")
    tab.press("Tab")
    assert tab.ask("document.activeElement.className") == "skip"
    assert tab.ask("document.activeElement.getBoundingClientRect().width") > 40


def test_a_table_is_one_stop_and_arrow_keys_walk_through_it(tab: Tab, pages_address: str, pages: Published) -> None:
    tab.open(pages_address + doc(pages.current.version))
    stops = "[...document.querySelectorAll('#t05 .scroll, #t05 .scroll a[href]')].filter((e) => e.tabIndex >= 0).length"
    assert tab.ask(stops) == 1
    tab.ask("document.querySelector('#t05-r4c3 a').focus()")
    tab.press("ArrowDown")
    assert tab.ask("document.activeElement.closest('td').id") == "t05-r5c3"
    tab.press("ArrowRight")
    assert tab.ask("document.activeElement.closest('tr').id") == "t05-r5"
    assert tab.ask(stops) == 1


def test_a_file_that_is_too_large_is_told_before_it_is_sent(tab: Tab, pages_address: str) -> None:
    tab.open(pages_address + "/check")
    tab.ask("""(() => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(21 * 2 ** 20)], 'a.txt'));
      document.querySelector('#file').files = files.files;
      document.querySelector('form.upload').requestSubmit();
    })()""")
    assert "20" in tab.ask("document.querySelector('form.upload .status').textContent")
    assert tab.ask("location.pathname + document.querySelectorAll('[role=alert]').length") == "/check0"


def choose_file(tab: Tab, file: Path) -> None:
    """Choose a file in the form of the page."""
    document = tab.tell("DOM.getDocument")["root"]["nodeId"]
    field = tab.tell("DOM.querySelector", nodeId=document, selector="#file")["nodeId"]
    tab.tell("DOM.setFileInputFiles", files=[str(file)], nodeId=field)


RECORD = """
new MutationObserver(() => {
  const text = document.querySelector('.upload .status').textContent;
  sessionStorage.told = (sessionStorage.told || '') + text;
  if (text.includes('步，共 5 步') && sessionStorage.cancel) document.querySelector('.upload .cancel').click();
}).observe(document.querySelector('.upload .status'), { childList: true });
sessionStorage.removeItem('told');
"""


def test_a_check_is_followed_and_can_be_cancelled(tab: Tab, pages_address: str, tmp_path: Path) -> None:
    file = tmp_path / "misprinted.txt"
    file.write_text(misprinted_text(), encoding="utf-8")
    for cancel in ("", "1"):
        tab.open(pages_address + "/check?lang=zh")
        choose_file(tab, file)
        tab.ask(f"sessionStorage.cancel = '{cancel}'; {RECORD}")
        tab.happened.discard("Page.loadEventFired")
        tab.ask("document.querySelector('form.upload').requestSubmit()")
        if not cancel:
            tab.wait_for("Page.loadEventFired")
        for _ in range(200):
            if "步，共 5 步" in (told := tab.ask("sessionStorage.told || ''")):
                break
            time.sleep(0.1)
        assert "步，共 5 步" in told
    assert tab.ask("document.querySelector('.upload .status').textContent + location.pathname") == "/check"


def test_a_file_is_checked_without_scripts(tab: Tab, pages_address: str, ten_tables: Path) -> None:
    tab.tell("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(pages_address + "/check")
        choose_file(tab, ten_tables)
        tab.happened.discard("Page.loadEventFired")
        tab.ask("document.querySelector('form.upload').requestSubmit()")
        tab.wait_for("Page.loadEventFired")
        assert tab.ask("document.querySelectorAll('.panel > .findings > .finding').length") > 0
        assert tab.ask("document.querySelector('.filters').hidden")
        assert tab.ask("document.querySelectorAll('#reports button').length") > 5
    finally:
        tab.tell("Emulation.setScriptExecutionDisabled", value=False)


def test_a_file_is_checked_and_its_cells_are_marked(
    tab: Tab, pages_address: str, pages: Published, tmp_path: Path
) -> None:
    file = tmp_path / "misprinted.txt"
    file.write_text(misprinted_text(), encoding="utf-8")
    assert pages.current.version
    tab.open(pages_address + "/check")
    choose_file(tab, file)
    tab.happened.discard("Page.loadEventFired")
    tab.ask("document.querySelector('form.upload').requestSubmit()")
    tab.wait_for("Page.loadEventFired")
    assert tab.ask("document.querySelector('#t05-r4c5').className").split()[-1] == "suspect"
    tab.take_picture(tmp_path / "checked.png")
    assert (tmp_path / "checked.png").stat().st_size > 20_000


def test_on_paper_only_the_document_is_left(tab: Tab, pages_address: str, pages: Published) -> None:
    tab.open(pages_address + doc(pages.current.version))
    tab.tell("Emulation.setEmulatedMedia", media="print", features=STILL)
    try:
        for selector in ("nav.index", "header.site nav", "a.point", "footer.site"):
            assert tab.ask(f"getComputedStyle(document.querySelector('{selector}')).display") == "none"
        assert tab.ask("getComputedStyle(document.querySelector('table.grid')).display") == "table"
    finally:
        tab.tell("Emulation.setEmulatedMedia", media="", features=STILL)


def test_everything_can_be_read_without_scripts(tab: Tab, pages_address: str, pages: Published) -> None:
    tab.tell("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(pages_address + doc(pages.misprinted.version))
        assert tab.ask("document.querySelectorAll('.finding').length") > 5
        assert tab.ask("document.querySelector('.skip').getBoundingClientRect().width") <= 1
    finally:
        tab.tell("Emulation.setScriptExecutionDisabled", value=False)


def test_the_editor_runs_queries_and_asks_nobody_else(tab: Tab, pages_address: str) -> None:
    tab.complaints.clear()
    tab.open(f"{pages_address}/query/which-codes-are-used?lang=zh")
    cells = tab.ask("""(async () => {
        await yasgui.getTab().query();
        for (let n = 0; n < 100 && !document.querySelector("#yasgui tbody td"); n++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return [...document.querySelectorAll("#yasgui tbody td")].map((cell) => cell.textContent);
    })()""")
    assert "一般公共服务支出" in cells
    assert tab.ask("document.querySelectorAll('.served').length") == 0
    assert tab.ask("document.querySelector('#yasgui .yasr').textContent.includes('表格')")
    origins = tab.ask("[...new Set(performance.getEntriesByType('resource').map((e) => new URL(e.name).origin))]")
    assert origins == [pages_address]
    assert tab.complaints == []


def test_the_editor_completes_from_the_terms_of_the_store(
    tab: Tab, pages_address: str, counted_site: httpx2.Client
) -> None:
    assert counted_site.get("/completions").json()["classes"]
    tab.open(f"{pages_address}/query?lang=zh")
    found = tab.ask("""(async () => {
        const yasqe = yasgui.getTab().getYasqe();
        const ask = (name, text) => Yasqe.Autocompleters[name].get(yasqe, { string: text, autocompletionString: text });
        return { class: await ask("class", "项目"), property: await ask("property", "amount"),
                 prefixes: await ask("prefixes") };
    })()""")
    assert "https://w3id.org/yusuan/def#Project" in found["class"]
    assert "https://w3id.org/yusuan/def#amount" in found["property"]
    assert ": <https://w3id.org/yusuan/def#>" in found["prefixes"]
