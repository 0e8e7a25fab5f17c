"""Windows of accounts: two ways to the same figures, and what each figure means."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.arrests.measures import MEASURES
from transforms.droppers.activity import ACCOUNT_DAYS, ACCOUNT_LINKS, LINK_CODES
from transforms.droppers.contacts import CONTACTS, contacts_of_active
from transforms.droppers.measures import MEASURE_NAMES
from transforms.droppers.neighbours import known_accounts
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.window_figures import (
    account_figures,
    account_windows,
    age_years,
    summed,
    ties,
    windows_from_days,
)
from transforms.droppers.window_sums import (
    account_sums_after,
    link_windows,
    link_windows_after,
    moving_days,
)
from transforms.droppers.windows import ACCOUNT_WINDOWS, WINDOWS

PARAMETERS = parameters_of_activity()
NIGHT = date(2026, 3, 31)
NO_CONTACTS = pl.LazyFrame(schema=CONTACTS.schema)
NOBODY = pl.LazyFrame(schema={"account_iban": pl.String})
NIGHTS = 5
BACK = sorted({w + d for w in (0, *WINDOWS) for d in range(-2, 3)} | {15, 16, 75, 76})


def days_of(drawing: str | None) -> pl.LazyFrame:
    """Days of accounts; what is not drawn is none, and the day has been active from 7 to 8."""
    drawn = rows_of(ACCOUNT_DAYS, drawing)
    at = pl.col("business_date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return drawn.with_columns(
        pl.col(MEASURE_NAMES).fill_null(0),
        region_code=pl.lit("75"),
        first_at=at.dt.offset_by("7h"),
        last_at=at.dt.offset_by("8h"),
    )


def links_of(drawing: str | None) -> pl.LazyFrame:
    return rows_of(ACCOUNT_LINKS, drawing).with_columns(
        pl.col("transactions").fill_null(1), pl.col("amount_tiyn").fill_null(1)
    )


def windows(
    days: str | None, links: str | None = None, known: pl.LazyFrame = NOBODY
) -> pl.LazyFrame:
    return windows_from_days(
        days_of(days),
        links_of(links),
        NIGHT,
        known=known,
        contacts=NO_CONTACTS,
        parameters=PARAMETERS,
    )


def day_rows() -> st.SearchStrategy[pl.DataFrame]:
    schema = ACCOUNT_DAYS.schema
    measures = {m: st.sampled_from([0, 0, 1, 5_000]) for m in MEASURE_NAMES[::5]}
    keys = st.tuples(st.sampled_from(BACK), st.sampled_from("ABCD"))
    cells = st.fixed_dictionaries(
        measures
        | {
            "holder_iin": st.sampled_from(["850101300123", None, "990940000385"]),
            "bank_bic": st.sampled_from(["X", "Y", None]),
        }
    )

    def framed(rows: dict) -> pl.DataFrame:
        drawn = [
            {"back": back, "account_iban": account, **cell}
            for (back, account), cell in sorted(rows.items())
        ]
        at = datetime(2026, 3, 31, 7, tzinfo=UTC)
        given_ = {"holder_iin", "bank_bic", "account_iban", *measures}
        return pl.DataFrame(
            [
                {
                    "business_date": NIGHT + timedelta(days=NIGHTS - row["back"]),
                    "region_code": "75",
                    "first_at": at - timedelta(days=row["back"]),
                    "last_at": at - timedelta(days=row["back"]),
                    **dict.fromkeys(MEASURE_NAMES, 0),
                    **{c: row[c] for c in given_},
                }
                for row in drawn
            ],
            schema=schema,
        )

    return st.dictionaries(keys, cells, min_size=4, max_size=24).map(framed)


def link_rows() -> st.SearchStrategy[pl.DataFrame]:
    key = st.tuples(
        st.sampled_from(BACK),
        st.sampled_from("ABCD"),
        st.sampled_from(LINK_CODES),
        st.sampled_from("ABCDE"),
    )
    counts = st.tuples(st.integers(1, 2), st.integers(1, 9))
    return st.dictionaries(key, counts, min_size=4, max_size=30).map(
        lambda rows: pl.DataFrame(
            [
                (NIGHT + timedelta(days=NIGHTS - back), account, code, other, None, n, tiyn)
                for (back, account, code, other), (n, tiyn) in sorted(rows.items())
            ],
            schema=ACCOUNT_LINKS.schema,
            orient="row",
        )
    )


@settings(max_examples=12)
@given(day_rows(), link_rows(), st.sampled_from([[], ["A"], ["C"]]))
def test_night_after_night_equals_all_days_at_once(days, links, known):
    shops = pl.LazyFrame({"account_iban": known}, schema=NOBODY.collect_schema())

    def at_once(night: date) -> pl.DataFrame:
        return windows_from_days(
            days.lazy(),
            links.lazy(),
            night,
            known=shops,
            contacts=NO_CONTACTS,
            parameters=PARAMETERS,
        ).collect()

    before, linked = at_once(NIGHT), link_windows(links.lazy(), NIGHT).collect()
    for n in range(1, NIGHTS + 1):
        night = NIGHT + timedelta(days=n)
        is_moving = pl.col("business_date").is_in(moving_days(night))
        linked = link_windows_after(linked.lazy(), links.lazy().filter(is_moving), night).collect()
        sums = account_sums_after(before.lazy(), days.lazy().filter(is_moving), night, PARAMETERS)
        before = account_windows(
            sums, linked.lazy(), night, known=shops, contacts=NO_CONTACTS, parameters=PARAMETERS
        ).collect()

        at_once_linked = link_windows(links.lazy(), night).collect()
        assert_frame_equal(linked, at_once_linked, check_row_order=False)
        assert_frame_equal(before, at_once(night))


def contact_rows() -> st.SearchStrategy[pl.DataFrame]:
    told = st.tuples(*(st.sampled_from(s) for s in ("ABCD", "xyz", ["1", "2", None], ["a", None])))
    return st.lists(told, max_size=8, unique_by=lambda row: row[:2]).map(
        lambda rows: pl.DataFrame(
            [(NIGHT, *row, NIGHT) for row in rows], schema=CONTACTS.schema, orient="row"
        )
    )


@settings(max_examples=12)
@given(day_rows(), link_rows(), contact_rows(), st.sampled_from(["A", "D"]))
def test_accounts_in_shards_are_the_accounts_of_the_whole(days, links, contacts, known):
    of = {"night": NIGHT + timedelta(days=NIGHTS), "parameters": PARAMETERS}
    shops = pl.LazyFrame({"account_iban": [known]})
    whole = windows_from_days(
        days.lazy(), links.lazy(), known=shops, contacts=contacts.lazy(), **of
    ).collect()

    parts = []
    for accounts in (["A", "C"], [], ["B", "D"]):
        own = [f.lazy().filter(pl.col("account_iban").is_in(accounts)) for f in (days, links)]
        sums = summed(*own, **of)
        parts.append((*sums, contacts_of_active(contacts.lazy(), sums.accounts)))
    tied = ties(*map(pl.concat, zip(*parts, strict=True)), known=shops, **of)
    found = pl.concat(account_figures(*part, ties=tied, **of) for part in parts)

    assert_frame_equal(found.sort("account_iban").collect(), whole)


@settings(max_examples=8)
@given(day_rows(), link_rows())
def test_the_order_of_rows_changes_nothing(days, links):
    def figures(days: pl.DataFrame, links: pl.DataFrame) -> pl.LazyFrame:
        return windows_from_days(
            days.lazy(),
            links.lazy(),
            NIGHT,
            known=NOBODY,
            contacts=NO_CONTACTS,
            parameters=PARAMETERS,
        )

    assert_frame_equal(figures(days.reverse(), links.reverse()), figures(days, links))


def test_nothing_booked_in_ninety_days_is_no_row():
    result = windows(
        """
        business_date | account_iban | transfers_in
        -------------------------------------------
        2025-12-31    | A            | 1
        2026-04-01    | A            | 1
        """
    ).collect()

    assert result.schema == ACCOUNT_WINDOWS.schema
    assert result.is_empty()


def test_a_window_ends_on_the_night_and_counts_its_first_day():
    result = windows(
        """
        business_date | account_iban | transfers_in_tiyn
        ------------------------------------------------
        2026-03-31    | A            | 1
        2026-03-30    | A            | 10
        2026-03-25    | A            | 100
        2026-03-24    | A            | 1000
        2026-03-02    | A            | 10000
        2026-03-01    | A            | 100000
        2026-01-01    | A            | 1000000
        2025-12-31    | A            | 10000000
        """
    )

    assert_drawn(
        result,
        """
        transfers_in_tiyn_1d | transfers_in_tiyn_7d | transfers_in_tiyn_30d | transfers_in_tiyn_90d | active_days_7d | active_days_90d
        ----------------------------------------------------------------------------------------------------------------------
        1                    | 111                  | 11111                 | 1111111               | 3              | 7
        """,
    )


def test_shares_are_of_transfers_in_and_unknown_where_none_came():
    result = windows(
        """
        business_date | account_iban | transfers_in_tiyn | passed_on_same_day_tiyn | passed_on_soon_tiyn
        ---------------------------------------------------------------------------------------------
        2026-03-30    | A            | 400               | 300                     | 100
        """
    )

    assert_drawn(
        result,
        """
        passed_on_share_1d | passed_on_share_7d | passed_on_soon_share_7d
        ----------------------------------------------------------------
        -                  | 0.75               | 0.25
        """,
    )


def test_others_are_counted_once_however_often_they_come():
    result = windows(
        """
        business_date | account_iban
        ----------------------------
        2026-03-31    | A
        """,
        """
        business_date | account_iban | link_code | other | transactions
        ---------------------------------------------------------------
        2026-03-31    | A            | payer     | P     | 1
        2026-03-20    | A            | payer     | P     | 1
        2026-03-20    | A            | payer     | Q     | 1
        2026-03-20    | A            | payer     | R     | 2
        2026-03-20    | A            | payee     | P     | 1
        2026-03-20    | A            | own       | O     | 1
        2026-03-20    | A            | firm      | F     | 1
        """,
    )

    assert_drawn(
        result,
        """
        payers_1d | single_payers_1d | payers_30d | single_payers_30d | payees_30d | firms_30d | devices_30d
        --------------------------------------------------------------------------------------------------
        1         | 1                | 3          | 1                 | 1          | 1         | 0
        """,
    )


def test_a_shared_device_is_counted_in_accounts_and_a_holder_across_banks():
    result = windows(
        """
        business_date | account_iban | holder_iin   | bank_bic
        -------------------------------------------------------
        2026-03-31    | A            | 850101300123 | X
        2026-03-31    | B            | 850101300123 | Y
        2026-03-31    | C            | -            | Y
        """,
        """
        business_date | account_iban | link_code | other
        ------------------------------------------------
        2026-03-31    | A            | device    | d1
        2026-03-30    | B            | device    | d1
        2026-03-30    | B            | device    | d2
        2026-03-31    | A            | card      | t1
        2026-03-31    | B            | card      | t2
        2026-03-31    | B            | card      | t3
        2026-03-31    | C            | card      | t4
        """,
    )

    assert_drawn(
        result,
        """
        account_iban | device_accounts_1d | device_accounts_7d | holder_accounts_90d | holder_banks_90d | holder_cards_90d | cards_7d | is_of_firm | holder_age_years
        ----------------------------------------------------------------------------------------------------------------------------------------------
        A            | 1                  | 2                  | 2                   | 2                | 3                | 1        | false      | 41
        B            | 0                  | 2                  | 2                   | 2                | 3                | 2        | false      | 41
        C            | 0                  | 0                  | 0                   | 0                | 0                | 1        | false      | -
        """,
    )


def test_silence_before_a_burst_is_told_as_long_as_its_beginning_is_in_the_window():
    result = windows(
        """
        business_date | account_iban
        ----------------------------
        2026-01-01    | long
        2026-03-29    | long
        2026-03-31    | long
        2026-03-15    | short
        2026-03-29    | short
        2026-03-14    | two weeks
        2026-03-29    | two weeks
        2026-03-29    | new
        """
    )

    assert_drawn(
        result,
        """
        account_iban | last_active_on | quiet_from_on | quiet_days
        ----------------------------------------------------------
        long         | 2026-03-31     | 2026-01-01    | 86
        new          | 2026-03-29     | -             | -
        short        | 2026-03-29     | -             | -
        two weeks    | 2026-03-29     | 2026-03-14    | 14
        """,
    )


STAR = """
business_date | account_iban | link_code | other
------------------------------------------------
2026-03-31    | A            | payee     | K
2026-03-31    | A            | payer     | B
2026-03-31    | B            | payer     | C
2026-03-31    | D            | payer     | F
2026-03-31    | K            | firm      | D
"""
STARS = """
business_date | account_iban
----------------------------
2026-03-31    | A
2026-03-31    | B
2026-03-31    | C
2026-03-31    | D
2026-03-31    | K
"""


def distances(parameters: pl.DataFrame) -> dict[str, int | None]:
    known = pl.LazyFrame({"account_iban": ["K"]})
    found = windows_from_days(
        days_of(STARS),
        links_of(STAR),
        NIGHT,
        known=known,
        contacts=NO_CONTACTS,
        parameters=parameters,
    )
    return dict(found.select("account_iban", "known_distance").collect().iter_rows())


def test_distance_to_a_known_account_is_along_transfers_either_way():
    assert distances(PARAMETERS) == {"A": 1, "B": 2, "C": None, "D": None, "K": 0}


def test_no_way_leads_through_an_account_with_very_many_others():
    is_hub = pl.col("parameter") == "hub_links"
    strict = PARAMETERS.with_columns(value=pl.when(is_hub).then(pl.lit("1")).otherwise("value"))

    assert distances(strict) == {"A": 1, "B": None, "C": None, "D": None, "K": 0}


def test_accounts_of_cards_ordered_at_their_bank_and_ordered_ones_are_known_unless_freed():
    ordered = rows_of(
        MEASURES,
        """
        measure_id | asset_code   | asset_id | lifted_on  | returned_on | expired_on
        -----------------------------------------------------------------------------
        1          | card         | X/t1     | -          | -           | -
        2          | card         | X/t1     | 2026-03-30 | -           | -
        3          | card         | X/t2     | 2026-03-30 | -           | -
        4          | bank_account | D        | -          | -           | 2026-03-30
        5          | bank_account | E        | -          | 2026-03-31  | -
        6          | bank_account | F        | 2026-04-01 | -           | -
        7          | vehicle      | G        | -          | -           | -
        8          | card         | X/t3     | -          | -           | -
        """,
    ).with_columns(ordered_on=pl.lit(NIGHT))
    links = links_of(
        """
        business_date | account_iban | link_code | other
        ------------------------------------------------
        2026-03-31    | A            | card      | t1
        2026-03-31    | B            | card      | t2
        2026-03-31    | C            | device    | t1
        2026-03-31    | H            | card      | t3
        """
    )

    banks = pl.LazyFrame({"account_iban": ["A", "B", "C", "H"], "bank_bic": ["X", "X", "X", "Y"]})

    found = known_accounts(ordered, banks, link_windows(links, NIGHT), NIGHT).collect()
    assert sorted(found["account_iban"]) == ["A", "D", "F"]
    later = ordered.filter(measure_id="1").with_columns(ordered_on=pl.date(2026, 4, 1))
    assert known_accounts(later, banks, link_windows(links, NIGHT), NIGHT).collect().is_empty()


@pytest.mark.parametrize(
    ("iin", "years"),
    [
        ("850331300123", 41),
        ("850401300123", 40),
        ("050101500123", 21),
        ("550101100123", 171),
        ("850230300123", None),
        ("850101900123", None),
        ("990940000385", None),
        (None, None),
    ],
)
def test_age_is_in_whole_years_of_the_century_that_the_number_tells(iin, years):
    found = pl.select(age_years(pl.lit(iin, pl.String), NIGHT)).item()

    assert found == years
