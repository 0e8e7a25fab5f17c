"""Few persons are never shown, and never follow from what is shown."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from transforms.disclosure import (
    disclosed,
    disclosed_anomalies,
    disclosed_revisions,
    parameters_of_disclosure,
)
from transforms.indicators import INDICATOR_REVISIONS, INDICATOR_TABLE
from transforms.regions import COUNTRY

DAY = date(2025, 8, 18)


def figures(rows: pl.LazyFrame, unit: str = "persons") -> pl.DataFrame:
    return (
        rows.with_columns(
            business_date=pl.lit(DAY),
            period=pl.lit("day"),
            period_start=pl.lit(DAY),
            period_end=pl.lit(DAY),
            indicator=pl.lit("ocg_members_detained"),
            unit=pl.lit(unit),
            status_code=pl.lit("final"),
            sources=pl.lit([], dtype=pl.List(pl.String)),
            dimension=pl.col("dimension").fill_null(""),
            member=pl.col("member").fill_null(""),
        )
        .select(INDICATOR_TABLE.schema.names())
        .collect()
    )


def shown(frame: pl.DataFrame) -> dict[tuple[str, str], int | None]:
    made = disclosed(frame, parameters_of_disclosure(), DAY)
    return {(r["region_code"], r["member"]): r["value"] for r in made.iter_rows(named=True)}


def of_regions(*values: int) -> pl.DataFrame:
    rows = [("KZ", "", "", sum(values))] + [(str(i), "", "", v) for i, v in enumerate(values)]
    schema = ["region_code", "dimension", "member", "value"]
    return figures(pl.LazyFrame(rows, schema=schema, orient="row"))


def test_a_single_small_count_takes_the_smallest_other_one_with_it():
    assert shown(of_regions(2, 40, 5, 0)) == {
        ("KZ", ""): 47,
        ("0", ""): None,
        ("1", ""): 40,
        ("2", ""): None,
        ("3", ""): 0,
    }


def test_two_ones_would_follow_from_their_sum():
    assert shown(of_regions(1, 1, 7, 9))[("2", "")] is None


def test_when_nothing_else_is_there_the_total_is_withheld():
    assert set(shown(of_regions(1, 1, 1, 0)).values()) == {None, 0}


def test_a_small_total_is_withheld_with_its_only_part():
    assert shown(of_regions(2, 0)) == {("KZ", ""): None, ("0", ""): None, ("1", ""): 0}


def test_members_of_a_region_do_not_tell_what_its_total_does_not():
    drawn = """
    region_code | dimension   | member | value
    ------------------------------------------
    KZ          | -           | -      | 30
    75          | -           | -      | 30
    KZ          | agency_code | a      | 2
    KZ          | agency_code | b      | 8
    KZ          | agency_code | c      | 20
    75          | agency_code | a      | 2
    75          | agency_code | b      | 8
    75          | agency_code | c      | 20
    """
    found = shown(figures(table(drawn, {"value": pl.Int64})))

    assert {key for key, value in found.items() if value is None} == {
        (region, member) for region in ("KZ", "75") for member in "ab"
    }


def test_cards_and_money_are_no_persons():
    rows = of_regions(1, 2).with_columns(unit=pl.lit("cards"))

    assert shown(rows) == {("KZ", ""): 3, ("0", ""): 1, ("1", ""): 2}


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_no_small_count_is_shown_or_follows(values):
    found = shown(of_regions(*values))

    parts = [found[(str(i), "")] for i in range(len(values))]
    assert not any(value in (1, 2) for value in found.values())
    hidden = [v for v, told in zip(values, parts, strict=True) if told is None]
    if found[(COUNTRY, "")] is not None:
        assert not hidden or (len(hidden) > 1 and sum(hidden) > len(hidden))
    assert all(told in (None, v) for v, told in zip(values, parts, strict=True))


def test_an_anomaly_tells_no_count_of_persons():
    columns = {"indicator": pl.String, "value": pl.Int64}
    rows = [("ocg_members_detained", 14), ("drug_seizures", 14)]
    anomalies = pl.DataFrame(rows, schema=columns, orient="row")

    told = disclosed_anomalies(anomalies, of_regions(5, 9))

    assert told["indicator"].to_list() == ["drug_seizures"]


REVISED = """
region_code | unit    | value_before | value | comment
------------------------------------------------------------------------
KZ          | persons | 40           | 47    | shown
KZ          | persons | 2            | 47    | small before
KZ          | persons | 40           | 1     | small now
KZ          | cards   | 1            | 2     | no persons
1           | persons | 30           | 40    | the earlier one of a region
2           | persons | 9            | 5     | withheld now, by another's sake
"""


def test_a_revision_tells_no_count_that_the_figures_do_not():
    drawn = table(REVISED, {"value_before": pl.Int64, "value": pl.Int64}).collect()
    rows = pl.concat(
        [pl.DataFrame(schema=INDICATOR_REVISIONS.schema), drawn.drop("comment")], how="diagonal"
    ).with_columns(
        business_date=pl.lit(DAY),
        period=pl.lit("day"),
        period_start=pl.lit(DAY),
        period_end=pl.lit(DAY),
        indicator=pl.lit("ocg_members_detained"),
        dimension=pl.lit(""),
        member=pl.lit(""),
    )
    parameters = parameters_of_disclosure()
    now = disclosed(of_regions(2, 40, 5, 0), parameters, DAY)

    told = disclosed_revisions(rows, now, parameters, DAY)

    assert told.select("value_before", "value").rows() == [
        (40, 47),
        (None, None),
        (None, None),
        (1, 2),
        (None, 40),
        (None, None),
    ]
