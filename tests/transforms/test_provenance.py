"""Where figures come from: days and files are those of the rows that are counted."""

from datetime import date

import polars as pl

from tests.tables import table
from transforms.contracts import Table
from transforms.deliveries import deliveries_table, screened_table
from transforms.facts import ALL_FACTS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_BY_ID, INDICATORS
from transforms.periods import Period, PeriodKind
from transforms.provenance import counted_as, days_behind, delivery_files, files_behind
from transforms.seizures.items import SEIZURES

DAY = Period.ending(PeriodKind.DAY, date(2025, 8, 18))


def lazy(of: Table, **columns) -> pl.LazyFrame:
    """One row with these cells; the others are null."""
    return pl.LazyFrame(
        {name: columns.get(name, [None]) for name in of.schema.names()}, schema=of.schema
    )


def test_every_indicator_says_which_rows_it_counts():
    for indicator in INDICATORS:
        kept, made = counted_as(indicator, DAY)
        assert bool(kept and made) == (not indicator.made_of), indicator.id
        assert "2025-08-18" in kept or indicator.made_of, indicator.id


def test_the_rows_of_every_indicator_tell_the_day_that_brought_them():
    facts = {i.fact.table.name: lazy(i.fact.table) for i in INDICATORS if i.fact}

    assert days_behind(INDICATORS, facts, [DAY]).collect().is_empty()


def test_a_late_delivery_stands_behind_the_figure_of_the_day_that_it_tells_of():
    facts = {fact.table.name: pl.LazyFrame(schema=fact.table.schema) for fact in ALL_FACTS}
    facts[SEIZURES.name] = pl.concat(
        [
            lazy(
                SEIZURES,
                business_date=[date(2025, 8, delivered)],
                seized_on=[date(2025, 8, on)],
                seizure_id=[f"{delivered}-{on}"],
            )
            for delivered, on in ((18, 18), (19, 18), (19, 17))
        ]
    )
    acts = INDICATOR_BY_ID["seizure_acts"]

    found = days_behind([acts], facts, [DAY]).collect()

    assert found.select("indicator", "period", "period_end", "business_date").rows() == [
        ("seizure_acts", "day", date(2025, 8, 18), date(2025, 8, day)) for day in (18, 19)
    ]


FILES = """
feed           | business_date | institution
--------------------------------------------
seizures       | 2025-08-17    | police
seizures       | 2025-08-18    | police
exchange_rates | 2024-08-18    | bank
import_declarations | 2025-08-18 | customs
"""


def test_files_counted_are_those_of_the_days_and_files_looked_up_are_all():
    files = table(FILES, {"business_date": pl.Date})
    days = pl.LazyFrame({"indicator": ["seizure_acts"], "business_date": [date(2025, 8, 18)]})

    found = files_behind([files], days, [INDICATOR_BY_ID["seizure_acts"]]).collect()

    assert found.select("feed", "business_date").rows() == [
        ("exchange_rates", date(2024, 8, 18)),
        ("seizures", date(2025, 8, 18)),
    ]


def test_the_file_named_is_the_one_that_was_screened():
    feed = FEED_BY_NAME["seizures"]
    place = {"institution": ["police"], "business_date": [date(2025, 8, 18)]}
    receipts = pl.concat(
        [
            lazy(deliveries_table(feed), **place, delivery=[sha], file_name=[name], address=[sha])
            for sha, name in (("aa", "first.csv"), ("bb", "second.csv"), ("bb", "again.csv"))
        ]
    )
    screened = lazy(
        screened_table(feed),
        **place,
        delivery=["bb"],
        rows_delivered=[3],
        rows_accepted=[2],
        rows_quarantined=[1],
    )

    (row,) = delivery_files(feed, receipts, screened).collect().to_dicts()

    assert (row["sha256"], row["rows_accepted"]) == ("bb", 2)
    assert row["file_name"] in ("second.csv", "again.csv")
