"""Pivots of facts and their pictures: from table to SVG."""

from decimal import Decimal
from itertools import pairwise
from time import process_time
from xml.etree import ElementTree

import pytest

from server.charts.bars import Bar, BarGroup, bar_chart
from server.charts.pivot import Gap, Pivot, PivotEntry, make_pivot
from server.charts.sankey import Flow, FlowNode, sankey
from server.charts.svg import PictureCaption, fitting, text_width
from server.charts.treemap import Area, Tile, squarified, treemap
from server.charts.yuan_and_wan import amount_to_text, growth_to_text, share_to_text

SVG = "{http://www.w3.org/2000/svg}"
CAPTION = PictureCaption("支出 <按类>", "四类支出")


def entry(row: str, column: str, amount: int, office: str = "a") -> PivotEntry:
    return PivotEntry(row, column, f"fact-{row}-{column}-{office}", Decimal(amount), office)


def spending(*gaps: Gap) -> Pivot:
    """Two classes over two years; the second office spends in the second year only."""
    entries = [entry("201", "2023", 60), entry("208", "2023", 40), entry("201", "2024", 90), entry("208", "2024", 10)]
    return make_pivot([*entries, entry("201", "2024", 5, "b")], gaps, columns_add=False)


def test_a_cell_adds_its_facts_and_names_them() -> None:
    cell = spending().cells["201", "2024"]
    assert cell.amount == 95
    assert cell.facts == ("fact-201-2024-a", "fact-201-2024-b")


def test_columns_have_totals_and_shares_where_rows_add_up() -> None:
    pivot = spending()
    assert pivot.by_column == {"2023": Decimal(100), "2024": Decimal(105)}
    assert pivot.by_row == {"201": None, "208": None}
    assert pivot.share("208", "2023") == Decimal("0.4")
    assert pivot.total is None


def test_growth_is_given_for_the_same_offices_only() -> None:
    pivot = spending()
    assert pivot.growth("208", "2024") == Decimal("-0.75")
    assert pivot.growth("201", "2024") is None
    assert pivot.growth("208", "2023") is None


def test_growth_is_that_since_the_year_before_not_since_an_earlier_one() -> None:
    pivot = make_pivot([entry("201", "2022", 60), entry("201", "2024", 90)])
    assert pivot.growth("201", "2024") is None


def test_a_gap_takes_the_sums_that_would_miss_its_money() -> None:
    pivot = spending(Gap(None, "2024", "disclosure", "totals-parts-apart"))
    assert ("201", "2024") not in pivot.cells
    assert pivot.by_column == {"2023": Decimal(100), "2024": None}
    assert pivot.gap("208", "2024") is not None
    assert pivot.gap("208", "2023") is None
    assert pivot.share("201", "2024") is None


def test_gaps_are_found_by_their_place() -> None:
    gaps = [Gap("201", "2024", "one", "a"), Gap(None, "2024", "other", "b"), Gap("208", None, "third", "c")]
    pivot = spending(*gaps)
    assert [pivot.gap(*place) for place in (("201", "2024"), ("208", "2024"), ("208", "2023"), ("201", "2023"))] == [
        *gaps,
        None,
    ]


def test_many_gaps_do_not_make_a_large_table_slow() -> None:
    entries = [entry(str(row), str(column), 1) for row in range(60) for column in range(60)]
    gaps = [Gap(str(row), "none", str(row), "a") for row in range(500, 1500)]
    began = process_time()
    pivot = make_pivot(entries, gaps)
    assert pivot.gap("1", "1") is None
    assert process_time() - began < 3


def test_what_is_printed_nowhere_is_not_a_zero() -> None:
    pivot = make_pivot([entry("201", "2023", 60), entry("208", "2024", 40)])
    assert pivot.amount("208", "2023") is None
    assert pivot.by_row["208"] == 40
    assert pivot.total == 100


def rectangles(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(SVG + "rect"))


def test_a_picture_has_a_title_and_a_description_and_is_escaped() -> None:
    root = ElementTree.fromstring(treemap([Tile("a & b", Decimal(1), "1")], CAPTION))
    assert [root[0].text, root[1].text] == ["支出 <按类>", "四类支出"]
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [root[0].attrib["id"], root[1].attrib["id"]]


def test_bars_are_as_long_as_their_amounts() -> None:
    bars = tuple(Bar(0, Decimal(amount), str(amount)) for amount in (400, 100, 0))
    drawn = rectangles(bar_chart([BarGroup("a", bars)], ["2024"], CAPTION))
    full, quarter, none = (float(bar.attrib["width"]) for bar in drawn)
    assert quarter == pytest.approx(full / 4, abs=0.01)
    assert none == 0


def test_several_series_have_a_legend() -> None:
    groups = [BarGroup("a", (Bar(0, Decimal(1), "1"), Bar(1, Decimal(2), "2")))]
    assert len(rectangles(bar_chart(groups, ["2023", "2024"], CAPTION))) == 4


def test_tiles_fill_the_whole_and_do_not_overlap() -> None:
    whole = Area(0, 0, 480, 270)
    areas = squarified([60, 25, 10, 5], whole)
    assert [area.width * area.height for area in areas] == pytest.approx([0.6 * 129600, 32400, 12960, 6480])
    for one in areas:
        assert one.x + one.width <= 480.001
        assert one.y + one.height <= 270.001
        for other in areas:
            apart = (
                one.x + one.width <= other.x + 0.001
                or other.x + other.width <= one.x + 0.001
                or one.y + one.height <= other.y + 0.001
                or other.y + other.height <= one.y + 0.001
            )
            assert one is other or apart


def test_tiles_of_nothing_are_left_out() -> None:
    assert len(rectangles(treemap([Tile("a", Decimal(1), "1"), Tile("b", Decimal(0), "0")], CAPTION))) == 1


def test_a_flow_is_as_wide_at_both_ends_as_its_amount() -> None:
    nodes = [FlowNode("f", 0, "基金", "100"), FlowNode("a", 1, "甲", "75"), FlowNode("b", 1, "乙", "25")]
    flows = [Flow("f", "a", Decimal(75), "75"), Flow("f", "b", Decimal(25), "25")]
    root = ElementTree.fromstring(sankey(nodes, flows, CAPTION))
    heights = [float(rect.attrib["height"]) for rect in root.iter(SVG + "rect")]
    assert heights[0] == pytest.approx(heights[1] + heights[2])
    assert heights[1] == pytest.approx(3 * heights[2], abs=0.02)
    assert [path[0].text for path in root.iter(SVG + "path")] == ["基金 → 甲: 75", "基金 → 乙: 25"]


def test_a_node_without_flows_is_left_out() -> None:
    nodes = [FlowNode("f", 0, "f", "1"), FlowNode("a", 1, "a", "1"), FlowNode("lost", 1, "lost", "0")]
    assert "lost" not in sankey(nodes, [Flow("f", "a", Decimal(1), "1")], CAPTION)


def test_labels_of_flows_take_the_room_up_to_the_next_column() -> None:
    last, long = "goods and services", "administration of urban and rural communities"
    labels = ("general public budget", long, "basic expenditure", last)
    nodes = [FlowNode(label, column, label, "1") for column, label in enumerate(labels)]
    flows = [Flow(source, target, Decimal(1), "1") for source, target in pairwise(labels)]
    root = ElementTree.fromstring(sankey(nodes, flows, CAPTION))
    shown = [element.text or "" for element in root.iter(SVG + "text") if element.attrib["class"] == "label"]
    assert [shown[0], *shown[2:]] == ["general public budget", "basic expenditure", last]
    assert shown[1].endswith("…")
    assert long.startswith(shown[1].removesuffix("…"))


def test_labels_are_shortened_to_the_room_they_have() -> None:
    assert fitting("一般公共服务支出", 200) == "一般公共服务支出"
    short = fitting("一般公共服务支出", 50)
    assert short.endswith("…")
    assert text_width(short) <= 50
    assert fitting("一般公共服务支出", 10) == ""


def test_amounts_shares_and_growth_in_words() -> None:
    assert amount_to_text(Decimal("14835573.24"), "wan") == "1,483.56"
    assert amount_to_text(Decimal("14835573.24"), "yuan") == "14,835,573.24"
    assert share_to_text(Decimal("0.125")) == "12.5%"
    assert [growth_to_text(Decimal(growth)) for growth in ("0.125", "-0.03", "0")] == ["+12.5%", "-3.0%", "0.0%"]
    assert growth_to_text(Decimal("-0.0001")) == "0.0%"
