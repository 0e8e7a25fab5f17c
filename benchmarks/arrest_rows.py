"""What authorities and banks tell in one night of a benchmark, as accepted rows and facts."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from infra.lake import Lake
from transforms.arrests.accounts import ACCOUNT_ARRESTS, account_arrests
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.cards import CARD_ARRESTS, card_arrests
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.arrests.parameters import days_off
from transforms.contracts import Table
from transforms.droppers.windows import LINK_WINDOWS
from transforms.feeds import FEED_BY_NAME
from transforms.reference import reference
from transforms.sentences import sentence

FIRST = date(2025, 5, 1)
CARDS, ASSETS, CASES = 500, 111, 20
"""A night; an order's card and its account are two measures."""
LIFTED = 25
"""Arrests a night, each of another night before, if there are so many."""
UNANSWERED, OF_OTHERS = 20, 10
"""One card of so many is never answered for; one property of so many is of another agency."""
HOLDS, HELD_DAYS, NEVER_ENDED = 200, 3, 10
"""A night; each is ended so many days later, and told of anew, but for one of so many."""
DEBITS = 2_000
"""A night, of accounts that were ordered in the last three."""


def night_of(n: int) -> date:
    """The date of a night, counted from 1."""
    return FIRST + timedelta(days=n - 1)


def bring(lake: Lake, n: int) -> None:
    """What a night is given: the registers' rows of its day, and facts of these."""
    night = night_of(n)
    tables = {FEED_BY_NAME[name].accepted_table: of for name, of in _feeds(n - 1, night).items()}
    orders, answers = (of.lazy() for of in (*tables.values(),)[:2])
    legal = {"legal_parameters": reference("legal_parameters").lazy(), "holidays": days_off()}
    tables[CARD_ARRESTS] = card_arrests(orders, answers, **legal).collect()
    tables[ACCOUNT_ARRESTS] = account_arrests(orders, answers, **legal).collect()
    tables[ASSET_ARRESTS] = _assets(n - 1, night)
    tables[FEED_BY_NAME["card_transactions"].accepted_table] = _debits(n - 1, night)
    for table, of in tables.items():
        lake.replace(table, of.lazy(), partitions={"business_date": [night]})
    days = [n - 1 - HELD_DAYS, n - 1]
    holds = pl.concat(_holds(day, latest=n - 1) for day in days).lazy()
    told_on = [night_of(day + 1) for day in days]
    lake.replace(PAYMENT_HOLDS, holds, partitions={"business_date": told_on})


def links(n: int) -> pl.LazyFrame:
    """`LINK_WINDOWS` of a night, as far as known accounts are found by them: cards used."""
    card = pl.int_range(CARDS * 3)
    return _whole(
        LINK_WINDOWS,
        night=pl.lit(night_of(n)),
        account_iban=sentence("KZ{}", 10**15 + (n - 1) * CARDS - card),
        link_code=pl.lit("card"),
        other=sentence("tok_{}", (n - 1) * CARDS - card),
        transactions_90d=pl.lit(1, pl.Int64),
    ).lazy()


def accounts(n: int) -> pl.LazyFrame:
    """Accounts of these cards and their bank, likewise."""
    return links(n).select("account_iban", bank_bic=pl.lit("CASPKZKA"))


def _feeds(n: int, night: date) -> dict[str, pl.DataFrame]:
    cards, cases = pl.int_range(CARDS), pl.int_range(CASES)
    case = (100_000_000_000_000 + n * CASES + cards % CASES).cast(pl.String)
    card = sentence("tok_{}", n * CARDS + cards)
    order = sentence("O-{}", n * CARDS + cards)
    told = {"order_id": order, "ordered_on": pl.lit(night), "card_token": card}
    noon = datetime(night.year, night.month, night.day, 7, tzinfo=UTC) + timedelta(days=1)
    lifted = pl.int_range(LIFTED)
    lifted_card = (lifted * 79 + n * 47) % CARDS
    return {
        "card_arrest_orders": _accepted(
            "card_arrest_orders",
            night,
            **told,
            case_no=case,
            bank_bic=pl.lit("CASPKZKA"),
            account_iban=sentence("KZ{}", 10**15 + n * CARDS + cards),
            agency_code=pl.lit("mvd"),
            region_code=pl.lit("75"),
        ),
        "card_arrest_confirmations": _accepted(
            "card_arrest_confirmations",
            night,
            **told,
            result_code=pl.lit("executed"),
            answered_at=pl.lit(noon),
            held_tiyn=cards * 1_000,
        ).filter(pl.int_range(pl.len()) % UNANSWERED != 0),
        "criminal_cases": _accepted(
            "criminal_cases",
            night,
            case_no=(100_000_000_000_000 + n * CASES + cases).cast(pl.String),
            registered_on=pl.lit(night),
            scheme_code=pl.lit("dropper_network"),
            agency_code=pl.lit("mvd"),
            region_code=pl.lit("75"),
        ),
        "measure_events": _accepted(
            "measure_events",
            night,
            event_id=sentence("E-{}-{}", pl.lit(n), lifted),
            # Decisions are about arrests of any night before, on as many of them as there are.
            measure_id=sentence("O-{}", lifted * (n + 1) // LIFTED * CARDS + lifted_card),
            asset_code=pl.lit("bank_account"),
            event_code=pl.lit("lifted"),
            happened_on=pl.lit(night),
        ),
    }


def _accepted(feed: str, night: date, **told: pl.Expr) -> pl.DataFrame:
    table = FEED_BY_NAME[feed].accepted_table
    return _whole(table, business_date=pl.lit(night), institution=pl.lit("CASPKZKA"), **told)


def _assets(n: int, night: date) -> pl.DataFrame:
    number = n * ASSETS + pl.int_range(ASSETS)
    return _whole(
        ASSET_ARRESTS,
        business_date=pl.lit(night),
        measure_id=sentence("M-{}", number),
        case_no=(100_000_000_000_000 + number % (CASES * (n + 1))).cast(pl.String),
        arrested_on=pl.lit(night),
        stage_code=pl.lit("arrested"),
        asset_code=pl.lit("vehicle"),
        asset_id=sentence("VIN{}", number),
        term_on=pl.lit(night + timedelta(days=60)),
        agency_code=pl.when(number % OF_OTHERS == 0).then(pl.lit("afm")).otherwise(pl.lit("mvd")),
        region_code=pl.lit("75"),
        value_tiyn=number * 1_000,
    )


def _holds(n: int, latest: int) -> pl.DataFrame:
    """Holds that a day told of last, as the latest night has it: of its own those that no later
    day told an end of, and those of a day before that it told the end of.
    """
    is_for_long = pl.int_range(HOLDS) % NEVER_ENDED == 0
    is_left = is_for_long | pl.lit(n + HELD_DAYS > latest)
    own, ended = (_held(begun, told_in=n) for begun in (n, n - HELD_DAYS))
    return pl.concat([own.filter(is_left), ended.filter(~is_for_long)])


def _held(n: int, told_in: int) -> pl.DataFrame:
    night, told_on = night_of(n + 1), night_of(told_in + 1)
    number = n * HOLDS + pl.int_range(HOLDS)
    is_ended = pl.lit(n < told_in)
    return _whole(
        PAYMENT_HOLDS,
        business_date=pl.lit(told_on),
        hold_id=sentence("H-{}", number),
        blocked_by_code=pl.lit("bank"),
        bank_bic=pl.lit("CASPKZKA"),
        account_iban=sentence("KZ{}", 10**14 + number),
        region_code=pl.lit("75"),
        blocked_on=pl.lit(night),
        due_on=pl.lit(night + timedelta(days=5)),
        status_code=pl.when(is_ended).then(pl.lit("released")).otherwise(pl.lit("held")),
        ended_on=pl.when(is_ended).then(pl.lit(told_on)),
        blocked_tiyn=number,
    )


def _debits(n: int, night: date) -> pl.DataFrame:
    debit = pl.int_range(DEBITS)
    noon = datetime(night.year, night.month, night.day, 7, tzinfo=UTC)
    return _accepted(
        "card_transactions",
        night,
        transaction_id=sentence("T-{}", n * DEBITS + debit),
        booked_at=pl.lit(noon),
        account_iban=sentence("KZ{}", 10**15 + n * CARDS - debit % (CARDS * 3)),
        direction_code=pl.lit("debit"),
        amount_minor=debit,
        currency_code=pl.lit("KZT"),
    )


def _whole(table: Table, **told: pl.Expr) -> pl.DataFrame:
    absent = {c: pl.lit(None, t) for c, t in table.schema.items() if c not in told}
    rows = pl.select(**told).with_columns(**absent)
    return rows.select(table.schema.names()).cast(dict(table.schema))
