"""Facts that steps of their own make: by a night from the lake, by `aqsha verify` as it was."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from infra.lake import AsOf, Lake
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS, arrest_breaks
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.case_wallets import CASE_WALLETS, case_wallets
from transforms.arrests.measure_sources import sources
from transforms.arrests.measures import MEASURES, measures
from transforms.arrests.outflows import (
    ARREST_OUTFLOWS,
    ORDER_OUTFLOWS,
    bank_days,
    days_watched,
    order_outflows,
    outflows,
)
from transforms.arrests.parameters import days_off, parameters_of_arrests
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.contracts import Table
from transforms.feeds import FEED_BY_NAME
from transforms.precursors.goods import LISTED_GOODS, listed_goods
from transforms.precursors.parameters import parameters_of_precursors
from transforms.precursors.reading import rules_of_reading
from transforms.precursors.text_matches import distinct_texts, text_matches_of
from transforms.precursors.violations import PRECURSOR_VIOLATIONS, precursor_violations

OF_LIVES = (CARD_ARRESTS, ACCOUNT_ARRESTS, ASSET_ARRESTS, WALLET_FREEZES)
OF_BREAKS = (
    "card_arrest_orders",
    "card_arrest_confirmations",
    "criminal_cases",
    "measure_events",
)
OF_VIOLATIONS = ("precursor_licences", "legal_entities", "card_arrest_orders", "exchange_rates")
OF_PRICES = ("crypto_prices", "exchange_rates")


def accepted(*feeds: str) -> dict[str, Table]:
    """Tables of accepted rows by feed."""
    return {feed: FEED_BY_NAME[feed].accepted_table for feed in feeds}


REGISTERS_OF_LIVES: Mapping[str, Table] = {
    **{table.name.removeprefix("facts."): table for table in OF_LIVES},
    **accepted("card_arrest_orders", "measure_events"),
}
REGISTERS_OF_BREAKS: Mapping[str, Table] = {
    **accepted(*OF_BREAKS),
    "card_arrests": CARD_ARRESTS,
    "asset_arrests": ASSET_ARRESTS,
    "measures": MEASURES,
}
REGISTERS_OF_ORDERS: Mapping[str, Table] = {
    "account_arrests": ACCOUNT_ARRESTS,
    "outflows": ARREST_OUTFLOWS,
}


def lives_of(lake: Lake | AsOf, night: date) -> Any:
    """`MEASURES` as of a night."""
    told = {name: lake.read(of, until=night) for name, of in REGISTERS_OF_LIVES.items()}
    events = told.pop("measure_events")
    return measures(sources(**told, parameters=parameters_of_arrests()), events, night)


def breaks_of(lake: Lake | AsOf, night: date) -> Any:
    """`ARREST_BREAKS` as of a night."""
    return arrest_breaks(
        **{name: lake.read(of, until=night) for name, of in REGISTERS_OF_BREAKS.items()},
        night=night,
        parameters=parameters_of_arrests(),
        holidays=days_off(),
    )


def outflows_of(lake: Lake | AsOf, night: date) -> Any:
    """`ARREST_OUTFLOWS` of all days up to a night."""
    [booked] = (lake.read(table) for table in accepted("card_transactions").values())
    return left_on_days(booked, lake.read(ACCOUNT_ARRESTS), night)


def left_on_days(booked: Any, account_arrests: Any, night: date) -> Any:
    """`ARREST_OUTFLOWS` of the days on which these transactions were booked, all of each day."""
    parameters = parameters_of_arrests()
    delivered = bank_days(booked).collect(engine="streaming").lazy()
    watched = days_watched(account_arrests, delivered, night, parameters=parameters).collect()
    return outflows(booked, watched.lazy())


def left_of_orders(lake: Lake | AsOf, night: date) -> Any:
    """`ORDER_OUTFLOWS` as of a night."""
    accounts, left = lake.read(ACCOUNT_ARRESTS), lake.read(ARREST_OUTFLOWS)
    return order_outflows(accounts, left, night, parameters=parameters_of_arrests())


def wallets_of(lake: Lake | AsOf, night: date) -> Any:
    """The partition of a night of `CASE_WALLETS`."""
    prices = {n: lake.read(table, until=night) for n, table in accepted(*OF_PRICES).items()}
    return case_wallets(lake.read(WALLET_FREEZES), **prices, night=night)


def goods_of(lake: Lake | AsOf, night: date) -> Any:
    """`LISTED_GOODS`, every description read anew."""
    [declared] = (lake.read(table) for table in accepted("import_declarations").values())
    texts = distinct_texts(declared).collect()["goods_text"].to_list()
    matches = text_matches_of(texts, rules=rules_of_reading(), night=night)
    return listed_goods(declared, matches, parameters=parameters_of_precursors())


def violations_of(lake: Lake | AsOf, _: date) -> Any:
    """`PRECURSOR_VIOLATIONS`."""
    known = {name: lake.read(table) for name, table in accepted(*OF_VIOLATIONS).items()}
    return precursor_violations(
        lake.read(LISTED_GOODS), **known, parameters=parameters_of_precursors()
    )


MADE_BY: Mapping[str, Callable[[Lake | AsOf, date], Any]] = {
    MEASURES.name: lives_of,
    ARREST_BREAKS.name: breaks_of,
    ARREST_OUTFLOWS.name: outflows_of,
    ORDER_OUTFLOWS.name: left_of_orders,
    PRECURSOR_VIOLATIONS.name: violations_of,
    LISTED_GOODS.name: goods_of,
    CASE_WALLETS.name: wallets_of,
}
"""How each table is made as of a night; of `CASE_WALLETS`, its partition."""
