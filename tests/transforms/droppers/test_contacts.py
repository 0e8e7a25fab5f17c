"""Telephones and addresses that banks tell: last told counts, persons are counted and not accounts."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted
from transforms.droppers.contacts import (
    CONTACTS,
    account_contacts,
    contact_news,
    contacts_as_told,
    contacts_of_active,
    reached_alike,
    shared_contacts,
)
from transforms.feeds.cells import phone, postal_address

ACTIVE = pl.LazyFrame({"account_iban": ["A1", "A2", "B1", "C1"]})


def told() -> pl.LazyFrame:
    return accepted(
        "account_holders",
        """
        business_date | delivery | line | account_id | holder_iin | role_code        | phone | postal_address | opened_on
        ------------------------------------------------------------------------------------------------------------
        2026-03-01    | d1       | 1    | A1         | a          | owner            | +7701 | HOME           | 2025-12-02
        2026-03-01    | d1       | 2    | A2         | a          | owner            | +7701 | HOME           | -
        2026-03-01    | d1       | 3    | B1         | b          | owner            | +7702 | HOSTEL         | -
        2026-03-02    | d2       | 1    | B1         | b          | owner            | +7701 | -              | -
        2026-03-01    | d1       | 4    | C1         | c          | cardholder       | -     | HOSTEL         | -
        2026-03-01    | d1       | 5    | D1         | d          | owner            | +7701 | HOSTEL         | -
        2026-03-01    | d1       | 6    | C1         | e          | beneficial_owner | +7701 | HOME           | -
        """,
    )


def test_the_last_telephone_counts_and_an_empty_cell_takes_nothing_back():
    contacts = account_contacts(told()).collect()

    (row,) = contacts.filter(account_iban="B1").to_dicts()
    assert (row["phone"], row["postal_address"]) == ("+7701", "HOSTEL")
    assert "e" not in contacts["holder_iin"].to_list()


def test_news_of_each_date_make_up_all_that_was_told_and_nothing_twice():
    rows = told().collect()
    again = rows.with_columns(pl.lit(date(2026, 3, 3)).alias("business_date")).filter(line=2)
    rows = pl.concat([rows, again])
    news = pl.DataFrame(schema=CONTACTS.schema)
    sizes = []
    for _, of_day in rows.sort("business_date").group_by("business_date", maintain_order=True):
        said = contact_news(of_day.lazy(), news.lazy()).collect()
        sizes.append(said.height)
        news = pl.concat([news, said])

    assert sizes == [5, 1, 0]
    assert news.filter(account_iban="B1")["postal_address"].to_list() == ["HOSTEL", None]
    whole = account_contacts(rows.lazy()).drop("business_date").collect()
    assert_frame_equal(contacts_as_told(news.lazy()).drop("business_date").collect(), whole)


def test_persons_with_active_accounts_are_counted_once_however_many_accounts_they_have():
    active = contacts_of_active(account_contacts(told()), ACTIVE)

    found = reached_alike(active, shared_contacts(active)).collect()

    by_account = {row["account_iban"]: row for row in found.to_dicts()}
    assert by_account["A1"]["phone_holders"] == by_account["B1"]["phone_holders"] == 2
    assert by_account["B1"]["address_holders"] == by_account["C1"]["address_holders"] == 2
    assert by_account["C1"]["phone_holders"] is None
    assert by_account["A1"]["opened_on"] == date(2025, 12, 2)
    assert "D1" not in by_account


def test_a_telephone_is_the_same_however_it_is_written_and_a_token_stays_as_it_is():
    token = "0f" * 32
    cells = pl.DataFrame(
        {"cell": ["8 (701) 234-56-78", "+7 701 2345678", "7012345678", token, "by post", "", "12"]}
    )

    read = cells.select(phone(pl.col("cell"))).to_series().to_list()

    assert read == ["+77012345678"] * 3 + [token, None, None, None]


@given(st.text(max_size=20))
def test_an_address_written_again_is_the_same_address(text):
    once = pl.select(postal_address(pl.lit(text))).item()

    assert pl.select(postal_address(pl.lit(once, pl.String))).item() == once
