"""Names from outside tell a day, and never a path."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.doors.names import USUAL, NamePattern, extension, is_pattern, safe

DAY = date(2025, 8, 18)


@pytest.mark.parametrize(
    ("pattern", "name", "day"),
    [
        (USUAL, "rates_BANK_20250818.csv", DAY),
        (USUAL, "rates_BANK_20250818_r2.csv.gz", DAY),
        (USUAL, "rates_BANK_20251318.csv", None),
        (USUAL, "rates_OTHER_20250818.csv", None),
        (USUAL, "rates_BANK_20250818/../x.csv", None),
        (USUAL, "rates_BANK_20250818\0.csv", None),
        (USUAL, "rates_BANK_20250818" + "x" * 200, None),
        ("KASPI_PROD_TXN_{yyyymmdd}*.csv.gz", "KASPI_PROD_TXN_20250818_1.csv.gz", DAY),
        ("KASPI_PROD_TXN_{yyyymmdd}*.csv.gz", "KASPI_PROD_TXN_20250818.CONTROL", None),
        ("out-{yyyy-mm-dd}.xml", "out-2025-08-18.xml", DAY),
        ("a.b_{yyyymmdd}", "aXb_20250818", None),
    ],
)
def test_a_name_tells_its_day_when_it_is_one_of_the_sources(pattern, name, day):
    assert NamePattern(pattern, "rates", "BANK").day(name) == day


@pytest.mark.parametrize(
    "pattern", ["no day", "{yyyymmdd}_{yyyymmdd}", "a/{yyyymmdd}", "..\\{yyyymmdd}"]
)
def test_a_pattern_names_one_day_and_no_folder(pattern):
    assert not is_pattern(pattern)


@given(st.text())
def test_whatever_a_name_is_ours_is_a_plain_one(name):
    ours = safe(name)

    assert 0 < len(ours) <= 150
    assert not set(ours) & set("/\\\0")
    assert not ours.startswith(".")


def test_the_extension_is_the_end_of_the_name():
    assert extension("bank_20250818.csv.gz") == ".csv.gz"
    assert extension("bank_20250818") == ""
    assert extension("bank_20250818.csv; rm") == ""
