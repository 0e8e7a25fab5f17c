"""What holds for every table of facts, whatever was delivered."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted
from transforms.facts import FACTS, Fact, touched_from, touched_partitions
from transforms.feeds import FEED_BY_NAME

DAYS = [date(2026, 3, day) for day in range(2, 7)]
LATER = [date(2026, 3, day) for day in range(6, 9)]

CODES = {
    "result_code": ["executed", "partly", "refused", "not_found"],
    "stage_code": ["arrested", "measures_taken", "under_investigation"],
    "status_code": ["issued", "issued", "withdrawn"],
    "asset_code": ["cash", "crypto", "drug", "BTC"],
    "currency_code": ["KZT", "USD"],
    "procedure_code": ["40", "40", "80"],
    "movement_code": [None, "import", "transit"],
    "action_code": [None, "original", "amendment", "release", "cancellation"],
    "is_partial": [None, None, True],
    "lodged_country_code": [None, "KZ", "AL"],
    "hs_code": ["2915240000", "2914110000", "2933390000"],
    "goods_text": ["CAS 41661-47-6", "goods"],
    "substance_id": ["acetic_anhydride", "acetone"],
    "region_code": ["10", "75", None],
    "case_no": ["100", "200"],
}


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OF_TYPE = {
    pl.Date: DAYS,
    pl.Datetime: [NOON + timedelta(hours=9 * n) for n in range(10)],
    pl.Decimal: [Decimal("0.5"), Decimal("1.0005"), Decimal(480)],
    pl.Int64: [1, 100],
    pl.Boolean: [False, True],
    pl.List: [None, ["a"], ["a", "b"]],
    pl.String: ["a", "b"],
}


def values(name: str, dtype: pl.DataType) -> st.SearchStrategy:
    return st.sampled_from(CODES.get(name) or OF_TYPE[dtype.base_type()])


def deliveries(feed: str) -> st.SearchStrategy:
    """Up to six rows; an event is delivered on or after its day, a licence also before it."""
    schema = FEED_BY_NAME[feed].accepted_table.schema
    delivered_on = st.sampled_from(DAYS if feed == "precursor_licences" else LATER)
    cells = {name: values(name, dtype) for name, dtype in schema.items()}
    row = st.fixed_dictionaries(cells | {"business_date": delivered_on})
    return st.lists(row, max_size=6).map(lambda rows: pl.DataFrame(rows, schema=schema))


def inputs(fact: Fact) -> st.SearchStrategy:
    return st.fixed_dictionaries({feed: deliveries(feed) for feed in fact.feeds})


def computed(fact: Fact, feeds: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return fact.rows(**{name: frame.lazy() for name, frame in feeds.items()}).collect()


every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.table.name)


@every_fact
def test_a_table_conforms_and_is_empty_when_nothing_was_delivered(fact):
    feeds = {feed: accepted(feed) for feed in fact.feeds}

    result = fact.rows(**feeds).collect()

    assert result.schema == fact.table.schema
    assert result.is_empty()


@every_fact
@settings(max_examples=10)
@given(data=st.data())
def test_an_event_is_one_row_whatever_was_delivered(fact, data):
    result = computed(fact, data.draw(inputs(fact)))

    assert not result.select(fact.table.key).is_duplicated().any()
    assert result["region_code"].null_count() == 0


@every_fact
@settings(max_examples=10)
@given(data=st.data())
def test_the_order_of_rows_changes_nothing(fact, data):
    feeds = data.draw(inputs(fact))

    backwards = {name: frame.reverse() for name, frame in feeds.items()}

    assert_frame_equal(computed(fact, backwards), computed(fact, feeds))


@every_fact
@settings(max_examples=10)
@given(data=st.data())
def test_splitting_a_day_into_deliveries_or_sending_it_twice_changes_nothing(fact, data):
    feeds = data.draw(inputs(fact))

    split = {
        name: pl.concat(
            [
                frame.with_columns(delivery=pl.lit("second"), line=pl.lit(7, pl.Int64)),
                frame.with_columns(delivery=pl.lit("first"), institution=pl.lit("other")),
            ]
        )
        for name, frame in feeds.items()
    }

    assert_frame_equal(computed(fact, split), computed(fact, feeds))


@pytest.mark.parametrize(
    "fact", [fact for fact in FACTS if not fact.spreads], ids=lambda fact: fact.table.name
)
@settings(max_examples=20)
@given(data=st.data())
def test_new_rows_change_no_partition_but_those_they_touch(fact, data):
    before = data.draw(inputs(fact))
    feed = data.draw(st.sampled_from(fact.feeds))
    new = data.draw(deliveries(feed))
    after = before | {feed: pl.concat([before[feed], new])}

    whole = {name: frame.lazy() for name, frame in after.items()}
    touched = touched_partitions(fact, whole, {feed: new.lazy()}).collect()

    untouched = ~pl.col("business_date").is_in(touched["business_date"].to_list())
    assert_frame_equal(
        computed(fact, after).filter(untouched), computed(fact, before).filter(untouched)
    )


def test_changed_rows_of_a_lookup_act_from_their_first_day():
    rates = accepted(
        "exchange_rates",
        """
        currency_code | rate_on
        --------------------------
        USD           | 2026-03-04
        USD           | 2026-03-03
        """,
    )

    assert touched_from(rates, "rate_on").collect().item() == date(2026, 3, 3)
    assert touched_from(rates, None).collect().item() == date.min
    assert touched_from(rates.clear(), "rate_on").collect().item() is None
    assert touched_from(rates.clear(), None).collect().item() is None
