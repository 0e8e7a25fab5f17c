"""Rows set aside are counted by file and rule, and shown with what is personal hidden."""

import polars as pl
import pytest

from tests.transforms.drawings import rows_of
from transforms.deliveries import counting_deliveries, deliveries_table
from transforms.feeds import FEED_BY_NAME
from transforms.quarantine import MASK, counts_by_rule, masked, set_aside

FEED = FEED_BY_NAME["crypto_prices"]
CARDS = FEED_BY_NAME["card_transactions"]

RECEIPTS = """
business_date | institution | delivery | file_name | arrived_at           | state_code | rows
--------------------------------------------------------------------------------------------
2025-08-18    | nbk         | a        | p.csv     | 2025-08-18T18:00:00Z | whole      | 9
"""


def quarantined(**rules: list[str]) -> pl.LazyFrame:
    """Rows of one file, by name of the argument `line_n` the rules that it breaks."""
    accepted = rows_of(
        FEED.accepted_table,
        "business_date | institution | delivery | line\n---\n"
        + "\n".join(f"2025-08-18 | nbk | a | {name.removeprefix('line_')}" for name in rules),
    )
    broken = pl.Series(list(rules.values()), dtype=pl.List(pl.String))
    return set_aside(accepted.with_columns(violated_rules=broken), "nightly-2025-08-18").pipe(
        FEED.quarantine_table.require
    )


def test_a_row_that_breaks_two_rules_counts_once_and_stands_under_both():
    rows = quarantined(line_1=["CPR-03"], line_2=["CPR-03", "CPR-05"])
    received = counting_deliveries(rows_of(deliveries_table(FEED), RECEIPTS))

    found = counts_by_rule(rows, received).collect()

    columns = ("file_name", "run", "rows", "code", "code_rows")
    assert found.select(columns).rows() == [
        ("p.csv", "nightly-2025-08-18", 2, "CPR-03", 2),
        ("p.csv", "nightly-2025-08-18", 2, "CPR-05", 1),
    ]


def test_a_personal_column_is_hidden_whole_but_not_that_it_is_empty():
    cells = {"IIN": "anything", "ACCOUNT": "KZ86125KZT5004100100", "CARD_TOKEN": "", "DEVICE": None}

    assert masked(CARDS, cells) == {
        "IIN": MASK,
        "ACCOUNT": MASK,
        "CARD_TOKEN": "",
        "DEVICE": None,
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1500.25", "1500.25"),
        ("2025-08-18T09:00:00+05:00", "2025-08-18T09:00:00+05:00"),
        ("871231100006", MASK),
        ("871231100006T09", "871231100006T09"),
        ("paid by 871231100006, thanks", f"paid by {MASK}, thanks"),
        ("to kz86125KZT5004100100", f"to {MASK}"),
        ("4400430012345678", MASK),
        ("961040000123", "961040000123"),  # a BIN: the fifth digit of a person's is never 4
        ("250000000000123", "250000000000123"),  # a case
    ],
)
def test_what_looks_personal_is_hidden_where_it_does_not_belong_too(text, shown):
    assert masked(CARDS, {"AMOUNT": text}) == {"AMOUNT": shown}
