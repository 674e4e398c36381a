"""A cell shows its number as a spreadsheet program displays it."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from converters.readers.spreadsheet.number_formats import Displayed, display, float_to_decimal

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("14835573.24", "General", "14835573.24"),
        ("14835573.2", "0.00", "14835573.20"),
        ("14835573.24", "#,##0.00", "14,835,573.24"),
        ("1234.5", "#,##0", "1,235"),
        ("0.5", "0%", "50%"),
        ("1", "0%", "100%"),
        ("0.12345", "0.00%", "12.35%"),
        ("-5", "0.00", "-5.00"),
        ("-5", "#,##0.00_);(#,##0.00)", "(5.00)"),
        ("-5", "0;[Red]-0", "-5"),
        ("1234", ACCOUNTING, "1,234.00"),
        ("-1234", ACCOUNTING, "-1,234.00"),
        ("0", ACCOUNTING, "-"),
        ("0", "#,##0.00;-#,##0.00;", ""),
        ("0", "#,###", ""),
        ("0.5", "#.##", ".5"),
        ("3", "#.##", "3."),
        ("3.10", "0.0#", "3.1"),
        ("148355732.4", '0.00,,"百万"', "148.36百万"),
        ("14835573.24", '0.00"万元"', "14835573.24万元"),
        ("3", "000", "003"),
        ("108001", "@", "108001"),
        ("5", "[>=10]0.0;[<10]0.00", "5.00"),
        ("12", '"¥"#,##0.00', "¥12.00"),
        ("12", "[$¥-804]#,##0.00", "¥12.00"),
        ("12345", "[DBNum1][$-804]General", "12345"),
        ("1e+20", "#,##0", "100,000,000,000,000,000,000"),
        ("1e+300", "0.00", "1" + "0" * 300 + ".00"),
    ],
)
def test_a_number_is_shown_by_its_format_code(value: str, code: str, shown: str) -> None:
    assert display(Decimal(value), code) == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (datetime(2024, 1, 31), 'yyyy"年"m"月"d"日"', "2024年1月31日"),  # noqa: DTZ001 - a cell has no zone
        (datetime(2024, 1, 31), "yyyy-mm-dd", "2024-01-31"),  # noqa: DTZ001
        (datetime(2024, 1, 31), "mm-dd-yy", "2024/1/31"),  # noqa: DTZ001
        (datetime(2024, 1, 31, 13, 5), "yyyy/m/d h:mm", "2024/1/31 13:05"),  # noqa: DTZ001
        (time(13, 5, 9), "h:mm:ss AM/PM", "1:05:09 PM"),
        (timedelta(hours=3), "hh:mm", "03:00"),
        (True, "0.00", "TRUE"),
        ("办公费", "0.00", "办公费"),
        ("办公费", "0;0;0;@", "办公费"),
        (None, "0.00", ""),
    ],
)
def test_dates_words_and_nothing_are_shown_as_they_are(value: Displayed, code: str, shown: str) -> None:
    assert display(value, code) == shown


def test_a_stored_number_loses_the_noise_of_binary_fractions() -> None:
    assert str(float_to_decimal(0.1 + 0.2)) == "0.3"
    assert str(float_to_decimal(14835573.24)) == "14835573.24"
