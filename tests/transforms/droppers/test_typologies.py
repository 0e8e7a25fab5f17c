"""The file of typologies: what is checked of it, which rows are in force, and their version."""

from datetime import date

import polars as pl
import pytest

from transforms.droppers.typologies import (
    TypologyError,
    in_force_on,
    rule_version,
    typologies,
)
from transforms.reference import reference

NIGHT = date(2026, 3, 31)


def rows(**cells: str | None) -> pl.DataFrame:
    """The file with these cells in its first row."""
    read = reference("typologies").with_row_index()
    return read.with_columns(
        pl.when(pl.col("index") == 0).then(pl.lit(v)).otherwise(name).alias(name)
        for name, v in cells.items()
    ).drop("index")


def test_the_file_is_used_as_it_is_and_each_typology_names_its_source():
    read = typologies()

    assert read.height == reference("typologies").height
    assert read["source"].null_count() == 0
    assert in_force_on(read, NIGHT)["code"].is_unique().all()


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"measure_code": "luck"}, "names no sign"),
        ({"guard_code": "luck"}, "guard that is no sign"),
        ({"guard_least": ""}, "without its least value"),
        ({"comparison_code": "near"}, "comparison that is none"),
        ({"unit": "yards"}, "unit that is none"),
        ({"window_days": "8"}, "window that is not computed"),
        ({"measure_code": "suspect_payers"}, "over a short window what only the longest tells"),
        ({"code": "XYZ-01"}, "neither DRP nor CTR"),
        ({"points": "-5"}, "other way round"),
        ({"points": "0"}, "other way round"),
        ({"in_force_to": "2024-01-01"}, "ends before it begins"),
        ({"code": "DRP-02", "version": "2"}, "in force twice"),
        ({"code": "DRP-02"}, "repeats a version"),
        ({"threshold": "many"}, "has no threshold"),
        ({"source": " "}, "has no source"),
    ],
)
def test_a_row_that_cannot_be_used_stops_all_of_them(broken, why):
    with pytest.raises(TypologyError, match=why):
        typologies(rows(**broken))


def test_a_file_without_a_column_says_which():
    with pytest.raises(TypologyError, match="no column points"):
        typologies(reference("typologies").drop("points"))


def test_an_ended_version_counts_until_its_last_night():
    ended = typologies(rows(in_force_to="2026-03-31"))

    assert "DRP-01" in in_force_on(ended, NIGHT)["code"]
    assert "DRP-01" not in in_force_on(ended, date(2026, 4, 1))["code"]


def test_equal_rules_have_equal_versions_whatever_their_words():
    as_is = rule_version(typologies())

    assert rule_version(typologies(rows(name="Other words", source="Elsewhere"))) == as_is
    assert rule_version(typologies().reverse()) == as_is
    assert rule_version(typologies(rows(threshold="21"))) != as_is
    assert rule_version(typologies(rows(points="11"))) != as_is
