"""Rows of banks and exchanges for the tests of daily figures: drawn, or any at all."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from tests.transforms.drawings import accepted
from transforms.feeds.card_transactions import FEED

NOON = datetime(2026, 3, 2, 7, tzinfo=UTC)

_USUAL = {
    "institution": pl.lit("BANK"),
    "transaction_id": pl.int_range(pl.len()).cast(pl.String),
    "account_iban": pl.lit("A"),
    "holder_iin": pl.lit("a"),
    "direction_code": pl.lit("credit"),
    "operation_code": pl.lit("transfer"),
    "currency_code": pl.lit("KZT"),
    "channel_code": pl.lit("mobile"),
    "region_code": pl.lit("75"),
}


def bank_rows(drawing: str | None = None) -> pl.LazyFrame:
    """Accepted transactions; what is not drawn is as in the most usual row."""
    header = [] if drawing is None else drawing.strip().splitlines()[0].replace("|", " ").split()
    usual = {name: value for name, value in _USUAL.items() if name not in header}
    return accepted("card_transactions", drawing).with_columns(**usual)


def any_bank_rows(most: int = 12, days: int = 1) -> st.SearchStrategy[pl.DataFrame]:
    """Rows of two accounts within some days; ids are unique, moments often equal."""
    row = st.fixed_dictionaries(
        {
            "account_iban": st.sampled_from(["A", "B"]),
            "booked_at": st.tuples(
                st.integers(0, days - 1), st.sampled_from([0, 1, 59, 60, 61, 300])
            ).map(lambda at: NOON + timedelta(days=at[0], minutes=at[1])),
            "direction_code": st.sampled_from(["credit", "debit"]),
            "operation_code": st.sampled_from(
                [
                    "transfer",
                    "transfer",
                    "transfer",
                    "cash_withdrawal",
                    "exchange_topup",
                    "purchase",
                    "salary",
                ]
            ),
            "amount_minor": st.sampled_from([1, 7, 100_000, 300_000, 19_000_000, 49_000_000]),
            "currency_code": st.sampled_from(["KZT", "KZT", "KZT", "USD"]),
            "counterparty_iban": st.sampled_from(["B", "C", "D", None]),
            "counterparty_iin": st.sampled_from(["a", "c", None]),
            "device_id": st.sampled_from(["d1", "d2", None]),
            "card_token": st.sampled_from(["t1", "t2", None]),
        }
    )
    return st.lists(row, max_size=most).map(_framed)


def _framed(rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = FEED.accepted_table.schema
    drawn = pl.DataFrame(rows, schema={c: schema[c] for c in rows[0]} if rows else {})
    absent = [c for c in schema if c not in drawn.columns]
    return (
        drawn.with_columns(pl.lit(None, schema[c]).alias(c) for c in absent)
        .with_columns(
            business_date=pl.col("booked_at").dt.convert_time_zone("Asia/Almaty").dt.date(),
            **{c: _USUAL[c] for c in _USUAL if c in absent},
        )
        .select(schema.names())
        .cast(dict(schema))
    )
