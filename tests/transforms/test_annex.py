"""The rows behind figures, for analysts: those that are counted, each once, with names."""

from datetime import date

import polars as pl
import pytest

from tests.tables import table
from transforms.annex import annex_table, facts_of, of_area, rows_behind
from transforms.arrests.measures import MEASURES
from transforms.facts import ALL_FACTS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_BY_ID, INDICATORS
from transforms.periods import Period, PeriodKind

NIGHT = date(2025, 8, 18)
DAY = Period.ending(PeriodKind.DAY, NIGHT)
FACTS = {fact.table.name: fact for fact in ALL_FACTS}
HOLDERS = """
business_date | institution | line | holder_iin   | holder_name
---------------------------------------------------------------
2025-08-01    | HSBKKZKX    | 1    | 871231100006 | Asel B.
2025-08-10    | HSBKKZKX    | 1    | 871231100006 | Asel K.
2025-08-19    | HSBKKZKX    | 1    | 871231100006 | Asel Z.
2025-08-10    | HSBKKZKX    | 2    | 900101300007 | -
"""
ENTITIES = """
business_date | institution | line | entity_bin   | entity_name
---------------------------------------------------------------
2025-08-01    | minjust     | 1    | 200140000008 | Reagent LLP
"""
ARRESTS = """
business_date | order_id | card_token | holder_iin   | region_code | ordered_on | due_on     | executed_on | status_code | held_tiyn
--------------------------------------------------------------------------------------------------------------------------------
2025-08-18    | 75/1     | tok-1      | 871231100006 | 75          | 2025-08-18 | 2025-08-19 | 2025-08-18  | executed    | 500
2025-08-18    | 71/2     | tok-2      | 900101300007 | 71          | 2025-08-15 | 2025-08-18 | 2025-08-18  | executed    | 700
2025-08-18    | 71/3     | tok-3      | 900101300007 | 71          | 2025-08-15 | 2025-08-18 | -           | pending     | -
2025-08-17    | 71/4     | tok-4      | 900101300007 | 71          | 2025-08-14 | 2025-08-17 | 2025-08-15  | executed    | 900
2025-08-19    | 71/5     | tok-5      | 900101300007 | 71          | 2025-08-18 | 2025-08-19 | 2025-08-18  | executed    | 100
"""
ACCOUNTS = """
business_date | order_id | account_iban | holder_iin   | region_code | executed_on | executed_at          | status_code | held_tiyn
----------------------------------------------------------------------------------------------------------------------------------
2025-08-18    | 75/1     | A            | 871231100006 | 75          | 2025-08-18  | 2025-08-18T05:00:00Z | executed    | 500
2025-08-18    | 71/2     | B            | 900101300007 | 71          | 2025-08-18  | 2025-08-18T05:00:00Z | partly      | 700
2025-08-18    | 71/3     | A            | 871231100006 | 71          | 2025-08-18  | 2025-08-18T06:00:00Z | executed    | 500
2025-08-17    | 71/4     | C            | 900101300007 | 71          | 2025-08-15  | 2025-08-15T05:00:00Z | executed    | 900
2025-08-19    | 71/5     | D            | 900101300007 | 71          | 2025-08-18  | 2025-08-18T05:00:00Z | executed    | 100
"""
STANDING = """
business_date | asset_code | measure_id | asset_id | part | region_code | answered_on | result_code | executed_on | held_tiyn
----------------------------------------------------------------------------------------------------------------------------
2025-08-18    | vehicle    | m1         | VIN1     | 0    | 75          | 2025-08-18  | executed    | 2025-08-18  | 500
2025-07-01    | vehicle    | m2         | VIN2     | 0    | 75          | 2025-07-01  | executed    | 2025-07-01  | 900
"""


def full(schema, drawing: str) -> pl.LazyFrame:
    """All columns of a table; those that the drawing leaves out are null."""
    named = [name.strip() for name in drawing.strip().splitlines()[0].split("|")]
    drawn = table(drawing, {name: schema[name] for name in named})
    return drawn.select(
        pl.col(name) if name in named else pl.lit(None).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )


def behind(fact: str, drawing: str, *figures: str) -> pl.DataFrame:
    return rows_behind(
        FACTS[fact],
        full(FACTS[fact].table.schema, drawing),
        [INDICATOR_BY_ID[name] for name in figures],
        DAY,
        NIGHT,
        holders=full(FEED_BY_NAME["account_holders"].accepted_table.schema, HOLDERS),
        entities=full(FEED_BY_NAME["legal_entities"].accepted_table.schema, ENTITIES),
    ).collect()


@pytest.fixture(scope="module")
def cards() -> pl.DataFrame:
    return behind("facts.card_arrests", ARRESTS, "dropper_cards_arrested", "dropper_cards_missed")


def test_each_row_that_a_figure_counts_is_there_once_and_says_which_figures(cards):
    assert cards.select("order_id", "counted_by").rows() == [
        ("71/2", "dropper_cards_arrested"),
        ("71/3", "dropper_cards_missed"),
        ("75/1", "dropper_cards_arrested"),
    ]


def test_the_rows_behind_a_figure_give_it_again():
    figure = INDICATOR_BY_ID["dropper_amount_arrested"]

    counted = behind("facts.account_arrests", ACCOUNTS, figure.id, "dropper_accounts_arrested")

    both = "dropper_accounts_arrested dropper_amount_arrested"
    assert counted.select("order_id", "counted_by").rows() == [("71/2", both), ("75/1", both)]
    assert counted.select(figure.value).item() == 1200


def test_a_holder_has_the_name_that_a_bank_told_last_before_the_night(cards):
    names = dict(cards.select("order_id", "holder_name").iter_rows())

    assert names == {"75/1": "Asel K.", "71/2": None, "71/3": None}


def test_a_region_has_its_own_rows_alone_and_the_country_all(cards):
    assert of_area(cards, "71")["order_id"].to_list() == ["71/2", "71/3"]
    assert of_area(cards, "KZ").height == cards.height


def test_of_a_stock_only_what_came_to_it_in_the_period():
    found = behind(MEASURES.name, STANDING, "assets_under_arrest", "assets_under_arrest_worth")

    assert found["measure_id"].to_list() == ["m1"]


def test_a_figure_made_of_others_leads_to_the_rows_of_those():
    shown = [INDICATOR_BY_ID[n] for n in ("drug_assets_arrested_total", "dropper_cards_arrested")]

    found = facts_of(shown, INDICATOR_BY_ID)

    assert {name: [i.id for i in of] for name, of in found.items()} == {
        "facts.account_arrests": ["dropper_amount_arrested"],
        "facts.card_arrests": ["dropper_cards_arrested"],
        "facts.asset_arrests": ["followmoney_case_amount"],
    }


@pytest.mark.parametrize("fact", ALL_FACTS, ids=lambda fact: fact.table.name)
def test_the_rows_of_every_figure_can_be_told(fact):
    of = [i for i in INDICATORS if i.fact is not None and i.fact.table == fact.table]

    found = behind(fact.table.name, f"business_date\n-\n{NIGHT}", *(i.id for i in of))

    assert found.schema == annex_table(fact).schema
