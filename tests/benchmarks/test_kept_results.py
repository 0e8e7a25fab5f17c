"""Measurements are kept by version, and how time grows is read off them."""

from datetime import date

import pytest

from benchmarks.kept_results import Kept, exponent, keep, kept, plot, table
from benchmarks.night import MOST_TIMES_DUCKDB, STAGED, _judged
from benchmarks.night_home import Home
from infra.catalogue import Catalogue


def found(version: str, rows: int, what: str, seconds: float, peak_mb: float = 100.0) -> Kept:
    return Kept(
        version, "2026-03-02", "a machine", rows, what, seconds, seconds, 0.0, peak_mb, 1.5, False
    )


def test_the_exponent_is_one_in_proportion_two_by_squares_and_less_with_a_fixed_cost():
    assert exponent([1, 5, 50], [3, 15, 150]) == pytest.approx(1)
    assert exponent([1, 10, 100], [1, 100, 10_000]) == pytest.approx(2)
    assert exponent([1, 10], [101, 110]) < 0.1
    with pytest.raises(ValueError, match="two sizes"):
        exponent([1, 1], [3, 4])


def test_a_run_repeated_on_one_day_replaces_itself_and_other_versions_stay(tmp_path):
    file = tmp_path / "results" / "night.csv"

    keep([found("1", 100, STAGED, 5.0)], file)
    keep([found("2", 100, STAGED, 9.0)], file)
    keep([found("1", 100, STAGED, 6.0)], file)

    assert kept(file).select("version", "wall_s").rows() == [("2", 9.0), ("1", 6.0)]
    assert "100" in table([found("1", 100, STAGED, 5.0)])
    assert "<svg" in plot(file).read_text()


def test_a_night_above_its_targets_is_told():
    other = found("1", 100, "DuckDB, features", 1.0)

    assert _judged([other, found("1", 100, STAGED, MOST_TIMES_DUCKDB)])
    assert not _judged([other, found("1", 100, STAGED, MOST_TIMES_DUCKDB + 0.1)])
    assert not _judged([other, found("1", 100, STAGED, 1.0, peak_mb=9_000)])


def test_bulk_files_begin_with_the_measured_night(tmp_path):
    night = date(2025, 8, 30)
    whole = Catalogue.read(Home(tmp_path / "a", night, 10, banks_alone=False).sources)
    banks = Catalogue.read(Home(tmp_path / "b", night, 10, banks_alone=True).sources)

    assert {s.since for s in whole.of("card_transactions")} == {night}
    assert {s.since for s in whole.of("card_arrest_orders")} != {night}
    assert banks.feeds == ("card_transactions",)
