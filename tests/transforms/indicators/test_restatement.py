"""Earlier figures are kept with the cause, and only what changed rows touch is looked at again."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.tables import table
from tests.transforms.drawings import rows_of
from tests.transforms.indicators.test_values import facts_of
from transforms.arrests.cards import CARD_ARRESTS
from transforms.indicators import (
    INDICATOR_BY_ID,
    INDICATOR_REVISIONS,
    INDICATOR_TABLE,
    INDICATORS,
    INPUT_CHANGES,
    code_change,
    feed_changes,
    indicator_values,
    new_changes,
    restatable,
    restated,
    told_anew,
    touched,
)
from transforms.periods import Period, PeriodKind

NIGHT, TONIGHT = date(2026, 3, 9), date(2026, 3, 10)
ARRESTED = INDICATOR_BY_ID["dropper_cards_arrested"]
NO_CHANGES = pl.LazyFrame(schema=INPUT_CHANGES.schema)
NOTHING_NOTED = pl.LazyFrame(schema=INDICATOR_REVISIONS.schema)
ARRESTS = """
business_date | order_id | card_token | bank_bic | region_code | executed_on | status_code | held_tiyn
----------------------------------------------------------------------------------------------------
2026-03-09    | 1        | a          | X        | 75          | 2026-03-09  | executed    | 100
2026-03-09    | 2        | b          | X        | 10          | 2026-03-08  | executed    | 200
"""


def figures_of(arrests: pl.LazyFrame, kind: PeriodKind = PeriodKind.DAY) -> pl.LazyFrame:
    return indicator_values(
        ARRESTED, arrests, Period.ending(kind, NIGHT), NIGHT, status="final", sources=[]
    )


def revised(before: pl.LazyFrame, now: pl.LazyFrame, noted=NOTHING_NOTED, changes=NO_CHANGES):
    return restated(
        before,
        now,
        noted,
        changes,
        indicators=INDICATORS,
        night=NIGHT,
        restated_on=TONIGHT,
    ).collect()


def noted_changes(drawing: str) -> pl.LazyFrame:
    drawn = rows_of(INPUT_CHANGES, drawing)
    return drawn.select(INPUT_CHANGES.schema.names())


def shown(revisions: pl.DataFrame) -> list[tuple[object, ...]]:
    return revisions.select(
        "region_code", "dimension", "member", "revision_no", "value_before", "value"
    ).rows()


def test_the_earlier_figure_is_kept_where_it_differs_and_nowhere_else():
    before = rows_of(CARD_ARRESTS, ARRESTS)
    now = before.with_columns(executed_on=pl.lit(NIGHT))

    found = revised(figures_of(before), figures_of(now))

    assert shown(found) == [
        ("10", "", "", 1, 0, 1),
        ("KZ", "", "", 1, 1, 2),
        ("10", "bank_bic", "X", 1, 0, 1),
        ("KZ", "bank_bic", "X", 1, 1, 2),
    ]
    assert found["restated_on"].unique().to_list() == [TONIGHT]
    assert found["cause_codes"].to_list() == [["unexplained"]] * 4


def test_figures_that_were_never_out_are_no_revisions():
    now = figures_of(rows_of(CARD_ARRESTS, ARRESTS))

    assert revised(now.clear(), now).is_empty()


def test_each_further_change_of_a_figure_has_the_next_number():
    one, two = (figures_of(rows_of(CARD_ARRESTS, ARRESTS).head(n)) for n in (1, 2))
    three = one.with_columns(value=pl.col("value") * 3)

    first = revised(one, three)
    second = revised(three, one, noted=first.lazy())

    country = second.filter(pl.col("region_code") == "KZ", pl.col("dimension") == "")
    assert country.select("revision_no", "value_before", "value").rows() == [(1, 1, 3), (2, 3, 1)]
    assert revised(two, two, noted=second.lazy()).equals(second)


@settings(max_examples=20)
@given(facts_of(CARD_ARRESTS), facts_of(CARD_ARRESTS), st.sampled_from(["day", "week"]))
def test_restating_twice_is_restating_once(before, now, kind):
    was, is_ = (figures_of(rows.lazy(), PeriodKind(kind)) for rows in (before, now))

    once = revised(was, is_)

    assert_frame_equal(revised(is_, is_, noted=once.lazy()), once)
    assert_frame_equal(revised(was, is_, noted=once.lazy()), once)  # broken off before storing


@settings(max_examples=20)
@given(facts_of(CARD_ARRESTS), facts_of(CARD_ARRESTS))
def test_the_earlier_figure_and_the_revisions_give_the_new_one(before, now):
    was, is_ = figures_of(before.lazy()), figures_of(now.lazy())

    found = revised(was, is_)

    cell = list(INDICATOR_TABLE.key)
    after = (
        was.collect()
        .join(found.select(*cell, since="value"), on=cell, how="full", coalesce=True)
        .with_columns(value=pl.coalesce("since", "value"))
        .filter((pl.col("value") != 0) | (pl.col("dimension") == ""))
        .select(*cell, "value")
        .sort(cell)
    )
    assert_frame_equal(after, is_.select(*cell, "value").collect())


@pytest.mark.parametrize(
    ("drawing", "causes", "feeds", "files"),
    [
        (
            """
            number | cause_code | feed                      | business_date | institution
            ------------------------------------------------------------------------------
            1      | delivery   | card_arrest_confirmations | 2026-03-09    | X
            2      | delivery   | card_arrest_confirmations | 2026-03-10    | X
            3      | delivery   | seizures                  | 2026-03-09    | mvd
            """,
            ["late_delivery"],
            ["card_arrest_confirmations"],
            1,
        ),
        (
            """
            number | cause_code | feed                      | business_date | institution
            ------------------------------------------------------------------------------
            1      | delivery   | card_arrest_confirmations | 2026-03-10    | X
            2      | delivery   | card_arrest_orders        | 2026-03-10    | kpssu
            """,
            ["later_delivery"],
            ["card_arrest_confirmations", "card_arrest_orders"],
            2,
        ),
        (
            """
            number | cause_code         | feed               | business_date | institution
            ------------------------------------------------------------------------------
            1      | decided_rows       | card_arrest_orders | 2026-03-02    | kpssu
            2      | corrected_delivery | card_arrest_orders | 2026-03-09    | kpssu
            """,
            ["corrected_delivery", "decided_rows"],
            ["card_arrest_orders"],
            2,
        ),
        (
            """
            number | cause_code | feed | business_date | institution
            --------------------------------------------------------
            1      | code       |      | -             |
            """,
            ["code"],
            [],
            0,
        ),
    ],
    ids=["late file", "later file", "decision and correction", "code"],
)
def test_the_cause_is_told_from_what_changed_under_the_figure(drawing, causes, feeds, files):
    before = rows_of(CARD_ARRESTS, ARRESTS)
    now = before.with_columns(executed_on=pl.lit(NIGHT))
    changes = noted_changes(drawing).with_columns(
        pl.col("feed", "institution").fill_null("")  # an empty cell is drawn as nothing
    )

    found = revised(figures_of(before), figures_of(now), changes=changes)

    assert found["cause_codes"].to_list() == [causes] * found.height
    assert found["feeds"].to_list() == [feeds] * found.height
    assert found["deliveries"].unique().to_list() == [files]


SCREENED = """
institution | business_date | delivery | corrections
----------------------------------------------------
X           | 2026-03-08    | aa       | 0
Y           | 2026-03-08    | bb       | 0
Z           | 2026-03-08    | cc       | 0
W           | 2026-03-08    | dd       | 0
"""
SCREENED_SINCE = """
institution | business_date | delivery | corrections
----------------------------------------------------
X           | 2026-03-08    | aa       | 2
Y           | 2026-03-08    | b2       | 0
V           | 2026-03-09    | ee       | 0
W           | 2026-03-08    | dd       | 0
"""
TYPES = {"business_date": pl.Date, "corrections": pl.Int64}


def test_a_change_of_a_file_is_told_by_its_kind_and_noted_once():
    before, now = (table(d, TYPES) for d in (SCREENED, SCREENED_SINCE))
    changes = feed_changes(before, now, "seizures")

    first = new_changes(NO_CHANGES, pl.concat([changes, code_change("0.1+a")]), TONIGHT).collect()
    again = new_changes(first.lazy(), pl.concat([changes, code_change("0.1+a")]), TONIGHT)
    newer = new_changes(first.lazy(), code_change("0.1+b"), TONIGHT).collect()

    assert first.select("number", "cause_code", "institution").rows() == [
        (1, "code", ""),
        (2, "corrected_delivery", "Y"),
        (3, "decided_rows", "X"),
        (4, "delivery", "V"),
        (5, "withdrawn_delivery", "Z"),
    ]
    assert again.collect().is_empty()
    assert newer["number"].to_list() == [6]


def test_only_nights_of_the_policy_and_whole_periods_are_restated():
    computed = [
        (TONIGHT, PeriodKind.DAY),
        (NIGHT, PeriodKind.DAY),
        (date(2026, 1, 1), PeriodKind.DAY),
        (date(2026, 2, 28), PeriodKind.MONTH),
        (date(2026, 2, 27), PeriodKind.MONTH),
        (NIGHT, PeriodKind.YEAR_TO_DATE),
    ]

    assert restatable(computed, TONIGHT) == [
        (date(2026, 2, 28), PeriodKind.MONTH),
        (NIGHT, PeriodKind.DAY),
    ]


CANDIDATES = [
    (date(2026, 2, 28), PeriodKind.MONTH),
    (date(2026, 3, 8), PeriodKind.DAY),
    (date(2026, 3, 8), PeriodKind.WEEK),
    (date(2026, 3, 9), PeriodKind.DAY),
]


def touched_by(before: pl.LazyFrame, now: pl.LazyFrame) -> list[tuple[date, PeriodKind]]:
    return touched({CARD_ARRESTS.name: (before, now)}, INDICATORS, CANDIDATES)


def test_an_arrest_told_later_touches_the_periods_that_it_counts_in():
    ordered = rows_of(CARD_ARRESTS, ARRESTS).with_columns(
        business_date=date(2026, 3, 6), ordered_on=date(2026, 3, 6), due_on=date(2026, 3, 30)
    )
    unanswered = ordered.with_columns(
        status_code=pl.lit("pending"), executed_on=pl.lit(None, pl.Date)
    )
    told = ordered.with_columns(executed_on=date(2026, 3, 9))

    assert touched_by(unanswered, told) == [(date(2026, 3, 9), PeriodKind.DAY)]
    assert touched_by(unanswered, ordered.with_columns(executed_on=date(2026, 3, 7))) == [
        (date(2026, 3, 8), PeriodKind.DAY),  # it is held against the 7th
        (date(2026, 3, 8), PeriodKind.WEEK),
    ]
    assert touched_by(told, told) == []


def test_rows_of_later_nights_touch_no_earlier_one():
    later = rows_of(CARD_ARRESTS, ARRESTS).with_columns(business_date=date(2026, 3, 10))

    assert touched_by(later.clear(), later) == []


def test_a_late_file_touches_the_editions_that_said_it_was_missing():
    changes = noted_changes(
        """
        number | cause_code | feed     | business_date
        ----------------------------------------------
        1      | delivery   | seizures | 2026-03-08
        2      | delivery   | seizures | 2026-03-10
        """
    )

    assert told_anew(changes, CANDIDATES) == [
        (date(2026, 3, 8), PeriodKind.DAY),
        (date(2026, 3, 8), PeriodKind.WEEK),
    ]
