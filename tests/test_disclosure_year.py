"""The year of a disclosure: that of most titles of tables, not of one stray line."""

import pytest
from small_disclosures import convert

ROWS = "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 5\n | 合计 | 5"
COVER = "某县水务局2023年度部门决算\n\n"
HEADINGS = "\n第二部分 2023年度部门决算表\n\n第三部分 2023年度部门决算情况说明\n"


def tables(*lines: str) -> str:
    """Tables with these lines below their titles."""
    titles = ("支出决算表", "一般公共预算财政拨款支出决算表", "财政拨款支出决算表")
    return "\n".join(f"{t}\n\n{line}\n\n单位：元\n\n{ROWS}\n" for t, line in zip(titles, lines, strict=False))


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        ((COVER, HEADINGS, tables("2022年度", "", "")), 2023),
        ((COVER, HEADINGS, tables("2024年度", "")), 2023),
        ((COVER, HEADINGS, tables("2022年度", "2022年度", "2022年度")), 2022),
        ((COVER.replace("2023", "2022"), tables("2023年度", "")), 2023),
        ((COVER, tables("", "")), 2023),
        ((COVER.replace("2023", "2022"), HEADINGS.replace("2023", "2022"), tables("2023年度", "2023年度")), 2023),
    ],
)
def test_the_year_is_that_of_most_titles_else_that_of_cover_and_headings(texts: tuple[str, ...], year: int) -> None:
    assert convert(*texts).content.year == year
